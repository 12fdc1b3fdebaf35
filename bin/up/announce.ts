import { type DemoFile, principalOf } from "@/demo/demo-file";

/** What a newcomer reads when everything answers. */
export function announcement(demo: DemoFile, home: string): string {
  const places = [
    "",
    `Countersign is running. Ctrl-C stops all of it.`,
    "",
    `  console   ${demo.console}`,
    `  broker    ${demo.broker.host}:${demo.broker.port}`,
    `  mail      ${demo.mail}`,
    `  details   ${home}/demo.json (with every token)`,
    "",
  ];
  return [...places, ...(demo.principals.length > 0 ? suggestions(demo) : emptyAdvice())].join("\n");
}

function suggestions(demo: DemoFile): string[] {
  const reviewer = demo.people.find(({ groups }) => groups.includes("security"));
  return [
    "Try this in a second terminal:",
    "",
    "  1. An agent reads customers: personal data comes back masked.",
    `     ${psql(demo, "reporting-agent", "SELECT id, name, email, phone FROM customers LIMIT 5")}`,
    "",
    "  2. It tries to drop a table: refused, with the policy's reason.",
    `     ${psql(demo, "reporting-agent", "DROP TABLE customers")}`,
    "",
    "  3. Another agent deletes an order: the call waits until a second person signs.",
    `     ${psql(demo, "maintenance-agent", "DELETE FROM orders WHERE id = 42")}`,
    `     Sign in at ${demo.console}/approvals as ${reviewer?.name ?? "a reviewer"} and approve it.`,
    "",
    '  No psql here? The same with Node only:  npm run ask -- reporting-agent "SELECT * FROM customers LIMIT 5"',
    "",
  ];
}

function psql(demo: DemoFile, name: string, statement: string): string {
  const { host, port } = demo.broker;
  const { token } = principalOf(demo, name);
  return `psql "host=${host} port=${port} user=${name} dbname=shop password=${token}" -c "${statement}"`;
}

function emptyAdvice(): string[] {
  return [
    "This installation is empty. Begin with:",
    "",
    "  npm run countersign -- group add security",
    "  npm run countersign -- person add you@example.com --role admin",
    "  npm run countersign -- database add NAME --url postgres://… --label env=production",
    "",
  ];
}

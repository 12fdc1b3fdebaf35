import { Command, CommanderError } from "commander";

/**
 * Every command by its first word. Only the one that is asked for is loaded: none should wait for the libraries of
 * the others.
 */
const commands: { name: string; summary: string; load: () => Promise<(program: Command) => void> }[] = [
  {
    name: "up",
    summary: "run everything on this machine",
    load: async () => (await import("./commands/up-command")).addUp,
  },
  {
    name: "migrate",
    summary: "bring the governance store up to date",
    load: async () => (await import("./commands/migrate")).addMigrate,
  },
  {
    name: "serve",
    summary: "run one process: console, broker or workers",
    load: async () => (await import("./commands/serve")).addServe,
  },
  {
    name: "group",
    summary: "groups of people and agents",
    load: async () => (await import("./commands/group")).addGroupCommands,
  },
  {
    name: "database",
    summary: "upstream databases",
    load: async () => (await import("./commands/database")).addDatabaseCommands,
  },
  { name: "person", summary: "people", load: async () => (await import("./commands/identity")).addPersonCommands },
  {
    name: "agent",
    summary: "agents and other programs",
    load: async () => (await import("./commands/identity")).addAgentCommands,
  },
  {
    name: "token",
    summary: "tokens, which are passwords to the broker",
    load: async () => (await import("./commands/token")).addTokenCommands,
  },
  {
    name: "apply",
    summary: "make a policy bundle the active version",
    load: async () => (await import("./commands/apply")).addApply,
  },
  {
    name: "policy",
    summary: "policy bundles",
    load: async () => (await import("./commands/policy")).addPolicyCommands,
  },
  {
    name: "approval",
    summary: "held statements and their reviews",
    load: async () => (await import("./commands/approval")).addApprovalCommands,
  },
  { name: "audit", summary: "the record", load: async () => (await import("./commands/audit")).addAuditCommands },
];

const program = new Command("countersign")
  .description("governed access to production databases for people and AI agents")
  .showHelpAfterError("(add --help for what it takes)")
  // Commander ends with 1 for bad input, which here means that the thing asked about is not so.
  .exitOverride();

const [word, next] = process.argv.slice(2);
const asked = commands.find(({ name }) => name === (word === "help" ? next : word));
if (asked === undefined) for (const { name, summary } of commands) program.command(name).description(summary);
else (await asked.load())(program);

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

import type { BrowserContext, Page } from "@playwright/test";
import pg from "pg";
import { type DemoFile, principalOf } from "@/demo/demo-file";
import { packageRoot } from "@/lib/package-root";
import { expect, personOf, signInHere, test } from "../fixtures/browser";
import { type HeldCall, holdDelete } from "../fixtures/held-call";

const scriptBytesMax = 200_000;
const editorBytesMax = 130_000;
/** scripts that a page asks for after its load event belong to it too */
const settleMs = 700;

type PageCase = {
  name: string;
  path: string;
  role?: string;
  group?: string;
  heading: string | RegExp;
  level?: number;
  /** where the editor is fetched, after the page is there and usable */
  editor?: boolean;
};

const pages: PageCase[] = [
  { name: "sign-in", path: "/sign-in", heading: "Sign in" },
  { name: "overview", path: "/", role: "reviewer", group: "security", heading: "Overview" },
  { name: "feed", path: "/feed", role: "reviewer", group: "security", heading: "Feed" },
  { name: "feed-masked", path: "/feed?q=masked:yes", role: "reviewer", group: "security", heading: "Feed" },
  { name: "approvals", path: "/approvals", role: "reviewer", group: "security", heading: "Approvals" },
  { name: "approvals-decided", path: "/approvals?view=decided", role: "admin", heading: "Approvals" },
  { name: "approval", path: "/approvals/ID", role: "reviewer", group: "security", heading: /^Request \d+$/, level: 2 },
  { name: "approval-requester", path: "/approvals/ID", role: "requester", heading: /^Request \d+$/, level: 2 },
  { name: "policies", path: "/policies", role: "admin", heading: "Policies" },
  { name: "policy", path: "/policies?policy=hold-deletes-in-production", role: "admin", heading: "Policies" },
  {
    name: "policies-edit",
    path: "/policies/edit?file=deletes.cedar",
    role: "admin",
    heading: "Edit policies",
    editor: true,
  },
  { name: "policies-versions", path: "/policies/versions", role: "admin", heading: "Policies" },
  { name: "policies-version", path: "/policies/versions/1", role: "admin", heading: "Version 1" },
  { name: "masking", path: "/masking", role: "admin", heading: "Masking" },
  { name: "masking-rules", path: "/masking?tab=rules", role: "admin", heading: "Masking" },
  {
    name: "masking-trial",
    path: "/masking?as=agent%2Freporting-agent&try=public.customers",
    role: "admin",
    heading: "Masking",
  },
  { name: "databases", path: "/databases?database=shop", role: "admin", heading: "Databases" },
  { name: "identities", path: "/identities", role: "admin", heading: "Identities" },
  {
    name: "agent",
    path: "/identities?tab=agents&name=reporting-agent",
    role: "admin",
    heading: "reporting-agent",
    level: 2,
  },
  { name: "people", path: "/identities?tab=people", role: "admin", heading: "Identities" },
  { name: "groups", path: "/identities?tab=groups", role: "admin", heading: "Identities" },
  { name: "audit", path: "/audit", role: "auditor", heading: "Audit" },
  { name: "audit-timeline", path: "/audit?q=request:ID", role: "auditor", heading: "Audit" },
  { name: "refused", path: "/feed", role: "requester", heading: "This page is not for your role" },
  { name: "not-found", path: "/nothing-here", role: "admin", heading: "There is no such page" },
  { name: "no-such-request", path: "/approvals/999999", role: "admin", heading: "There is nothing here" },
];

/** What a morning leaves behind, so that no page is looked at empty, and one request that waits meanwhile. */
const clients: pg.Client[] = [];
let waiting: HeldCall;

test.beforeAll(async ({ demo }) => {
  const connect = async (name: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: principalOf(demo, name).dsn, application_name: "nightly-report" });
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  };
  await work(await connect("reporting-agent"));
  const maintenance = await connect("maintenance-agent");
  await maintenance.query("SET countersign.reason = 'Order was entered twice, see ticket 4711'");
  waiting = await holdDelete(demo, maintenance);
});
test.afterAll(() => Promise.all(clients.map((client) => client.end())));

async function work(reporting: pg.Client): Promise<void> {
  for (const statement of [
    "SELECT id, name, email, country FROM customers ORDER BY created_at DESC LIMIT 20",
    "SELECT o.id, c.name, c.email, o.total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.status = 'pending' LIMIT 50",
    "SELECT country, count(*) FROM customers GROUP BY country ORDER BY 2 DESC",
    "SELECT card_number, amount FROM payments WHERE order_id = 17",
    "SELECT subject, priority FROM support_tickets WHERE status = 'open' LIMIT 10",
    "DROP TABLE customers",
    "UPDATE customers SET email = 'x' WHERE id = 1",
    "SELECT * FROM no_such_table",
  ]) {
    await reporting.query(statement).catch(() => {});
  }
}

const cookies = new Map<string, Awaited<ReturnType<BrowserContext["cookies"]>>>();

/** Signed in once per person: these tests are about the pages. */
async function signedIn(page: Page, demo: DemoFile, { role, group }: PageCase): Promise<void> {
  if (role === undefined) return;
  const { email, name } = personOf(demo, role, group);
  const known = cookies.get(email);
  if (known) return page.context().addCookies(known);
  await page.goto("/sign-in");
  await signInHere(page, demo, name);
  cookies.set(email, await page.context().cookies(demo.console));
}

/** What the browser complains of: errors on its console, exceptions, and whatever the content security policy stopped. */
function watchFaults(page: Page, address: string): string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    // The document's own status, which a refused and a missing page are meant to have.
    if (message.location().url === address && /status of 40[34]/.test(message.text())) return;
    if (message.type() === "error" || message.type() === "warning")
      faults.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  return faults;
}

/**
 * Counts the bytes of scripts as they come over the wire, with nothing cached; each address once, because a browser
 * without a cache may ask for a preloaded script again.
 */
async function countScripts(page: Page): Promise<() => number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  const scripts = new Map<string, string>();
  const bytes = new Map<string, number>();
  devtools.on("Network.responseReceived", ({ requestId, type, response }) => {
    if (type === "Script") scripts.set(requestId, response.url);
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const address = scripts.get(requestId);
    if (address !== undefined) bytes.set(address, encodedDataLength);
  });
  return () => [...bytes.values()].reduce((sum, each) => sum + each, 0);
}

for (const theme of ["light", "dark"]) {
  for (const each of pages) {
    test(`${each.name} in ${theme} is accessible, quiet and light to load`, async ({
      page,
      demo,
      context,
      expectAccessible,
    }) => {
      await page.emulateMedia({ reducedMotion: "reduce" });
      await signedIn(page, demo, each);
      await context.addCookies([{ name: "theme", value: theme, url: demo.console }]);
      const address = new URL(each.path.replace("ID", String(waiting.approval)), demo.console).href;
      const faults = watchFaults(page, address);
      const scriptBytes = await countScripts(page);
      await page.goto(address);
      await expect(page.getByRole("heading", { name: each.heading, level: each.level ?? 1 })).toBeVisible();
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await page.waitForTimeout(settleMs);
      await page.screenshot({ path: `${packageRoot()}/test-results/pages/${each.name}-${theme}.png` });
      const bytes = scriptBytes();
      test.info().annotations.push({ type: "script bytes", description: String(bytes) });
      expect.soft(faults, "what the browser complains of").toEqual([]);
      expect.soft(bytes, "bytes of script").toBeLessThanOrEqual(scriptBytesMax + (each.editor ? editorBytesMax : 0));
      await expectAccessible();
    });
  }
}

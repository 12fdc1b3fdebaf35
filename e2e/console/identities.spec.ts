import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import pg from "pg";
import { expect, test } from "../fixtures/browser";

/** what a change may take to reach a broker, with room for a busy machine */
const reachMsMax = 10_000;

async function addAgent(page: Page): Promise<string> {
  const name = `night-${randomUUID().slice(0, 8)}`;
  await page.goto("/identities");
  await page.getByRole("button", { name: "Add agent" }).click();
  const dialog = page.getByRole("dialog", { name: "Add agent" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("agents", { exact: true }).check();
  await dialog.getByRole("button", { name: "Add agent" }).click();
  await expect(panelOf(page, name)).toBeVisible();
  return name;
}

const panelOf = (page: Page, name: string) => page.getByRole("complementary", { name: `Agent ${name}` });

/** Issues a token and leaves the dialog that shows it. */
async function issueToken(page: Page, name: string): Promise<string> {
  await panelOf(page, name).getByRole("button", { name: "Issue token" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Issue token" }).click();
  const shown = page.getByRole("dialog", { name: `The new token of ${name}` });
  const [secret] = /cst_[\w-]{43}/.exec(await shown.innerText()) ?? [];
  await shown.getByRole("button", { name: "I have kept it" }).click();
  if (secret === undefined) throw new Error("the dialog shows no token");
  return secret;
}

function clientFor({ host, port }: { host: string; port: number }, user: string, password: string): pg.Client {
  return new pg.Client({ host, port, user, password, database: "shop" });
}

test("a token is shown once and opens a session until it is revoked", async ({ page, demo, signInAs }) => {
  await signInAs("admin");
  const name = await addAgent(page);
  const secret = await issueToken(page, name);
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.reload();
  await expect(panelOf(page, name).getByText(`cst_…${secret.slice(-4)}`)).toBeVisible();
  expect(await page.content()).not.toContain(secret);

  const client = clientFor(demo.broker, name, secret);
  const ended = new Promise<void>((resolve) => client.on("error", () => resolve()));
  await expect.poll(() => client.connect().then(() => "in", String), { timeout: reachMsMax }).toBe("in");
  expect((await client.query("SELECT count(*) FROM customers")).rowCount).toBe(1);

  await panelOf(page, name).getByRole("button", { name: "Revoke" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Revoke …/ })
    .click();
  await expect(panelOf(page, name)).toContainText("No live token");
  await ended;
  await expect(clientFor(demo.broker, name, secret).connect()).rejects.toMatchObject({ code: "28P01" });
});

test("freezing an agent takes three clicks, ends its session and lasts until it is unfrozen", async ({
  page,
  demo,
  signInAs,
}) => {
  await signInAs("admin");
  const name = await addAgent(page);
  const secret = await issueToken(page, name);
  const client = clientFor(demo.broker, name, secret);
  const ended = new Promise<void>((resolve) => client.on("error", () => resolve()));
  await client.connect();

  await page.goto("/identities");
  await page.getByRole("row").filter({ hasText: name }).click();
  await panelOf(page, name).getByRole("button", { name: "Freeze" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Freeze ${name}` })
    .click();
  await ended;
  await expect(panelOf(page, name)).toContainText("Frozen everywhere");
  await expect(clientFor(demo.broker, name, secret).connect()).rejects.toMatchObject({ code: "28P01" });

  await panelOf(page, name).getByRole("button", { name: "Unfreeze" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Unfreeze ${name}` })
    .click();
  const again = async (): Promise<string> => {
    const client = clientFor(demo.broker, name, secret);
    return client.connect().then(
      () => client.end().then(() => "in"),
      (error: pg.DatabaseError) => String(error.code),
    );
  };
  await expect.poll(again, { timeout: reachMsMax }).toBe("in");
});

test("a name that is taken is refused in the form, which keeps what was typed", async ({ page, signInAs }) => {
  await signInAs("admin");
  await page.goto("/identities");
  await page.getByRole("button", { name: "Add agent" }).click();
  const dialog = page.getByRole("dialog", { name: "Add agent" });
  await dialog.getByLabel("Name").fill("reporting-agent");
  await dialog.getByRole("button", { name: "Add agent" }).click();
  await expect(dialog).toContainText(/reporting-agent.*(exists|taken|already)/i);
  await expect(dialog.getByLabel("Name")).toHaveValue("reporting-agent");
});

import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { percentiles } from "@/demo/job-client";
import { expect, test } from "../fixtures/browser";
import { Relay } from "../fixtures/relay";

/** a statement that nothing else of this run sends */
const probe = (): string => `probe_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
const rowOf = (page: Page, name: string): Locator => page.getByRole("row").filter({ hasText: name });
const live = (page: Page): Locator => page.getByRole("status").filter({ hasText: /^Live$/ });

test.beforeEach(async ({ page, signInAs }) => {
  await signInAs("reviewer", "security");
  await page.goto("/feed");
  await expect(live(page)).toBeVisible();
});

test("a row is there within a second of the end of its statement", async ({ page, connectAs }) => {
  const agent = await connectAs("reporting-agent");
  // When each probe first stands in the document, by the browser's own clock, which is this process's too.
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    new MutationObserver(() => {
      for (const [name] of document.body.innerText.matchAll(/probe_[0-9a-f]{12}/g)) seen[name] ??= Date.now();
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const name = probe();
    await agent.query(`SELECT 1 AS ${name}`);
    const ended = Date.now();
    await expect(rowOf(page, name)).toBeVisible();
    const arrived = await page.evaluate(
      (key) => (window as unknown as { seen: Record<string, number> }).seen[key],
      name,
    );
    times.push((arrived ?? Number.NaN) - ended);
  }
  const text = `end of a statement to the feed in the browser: ${percentiles(times)}`;
  test.info().annotations.push({ type: "measured", description: text });
  console.log(text);
  expect(Math.max(...times)).toBeLessThan(5_000);
});

test("Space holds the feed still, and what came in meanwhile is one click away", async ({ page, connectAs }) => {
  const agent = await connectAs("reporting-agent");
  const [first, second] = [probe(), probe()];
  await page.keyboard.press("Space");
  await expect(page.getByRole("status").filter({ hasText: "Paused" })).toBeVisible();
  await agent.query(`SELECT 1 AS ${first}`);
  await agent.query(`SELECT 1 AS ${second}`);
  const waiting = page.getByRole("button", { name: "2 new" });
  await expect(waiting).toBeVisible();
  await expect(rowOf(page, first)).toHaveCount(0);
  await waiting.click();
  await expect(rowOf(page, first)).toHaveCount(1);
  await expect(rowOf(page, second)).toHaveCount(1);
  await expect(live(page)).toBeVisible();
});

test("the filter lives in the address and survives a reload", async ({ page, connectAs }) => {
  const [reporting, maintenance] = [await connectAs("reporting-agent"), await connectAs("maintenance-agent")];
  const [mine, other] = [probe(), probe()];
  await reporting.query(`SELECT 1 AS ${mine}`);
  await maintenance.query(`SELECT 1 AS ${other}`);
  await expect(reporting.query(`DROP TABLE ${mine}`)).rejects.toMatchObject({ code: /42501|42P01/ });
  await page.getByRole("textbox", { name: "Filter" }).fill("agent:reporting-agent");
  await page.keyboard.press("Enter");
  await expect(rowOf(page, mine).first()).toBeVisible();
  await expect(rowOf(page, other)).toHaveCount(0);
  expect(new URL(page.url()).searchParams.get("q")).toBe("agent:reporting-agent");
  await page.getByRole("group", { name: "Decision" }).getByRole("button", { name: "Allowed" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("agent:reporting-agent decision:allow");
  await page.reload();
  await expect(rowOf(page, mine)).toHaveCount(1);
  await expect(rowOf(page, other)).toHaveCount(0);
  await page.getByRole("button", { name: "Remove agent:reporting-agent" }).click();
  await expect(rowOf(page, other)).toHaveCount(1);
  await page.goBack();
  await expect(rowOf(page, other)).toHaveCount(0);
});

test("a cut connection resumes with nothing missing and nothing twice", async ({ page, demo, connectAs }) => {
  const agent = await connectAs("reporting-agent");
  const names = Array.from({ length: 9 }, probe);
  // Cookies do not distinguish ports: through the relay one is signed in as before.
  const relay = await Relay.start({ host: "127.0.0.1", port: Number(new URL(demo.console).port) });
  try {
    await page.goto(`http://127.0.0.1:${relay.port}/feed`);
    await expect(live(page)).toBeVisible();
    for (const name of names.slice(0, 3)) await agent.query(`SELECT 1 AS ${name}`);
    await expect(rowOf(page, names[2] ?? "")).toBeVisible();
    relay.refuse();
    await expect(page.getByRole("status").filter({ hasText: "Connecting" })).toBeVisible();
    for (const name of names.slice(3, 6)) await agent.query(`SELECT 1 AS ${name}`);
    relay.open();
    await expect(live(page)).toBeVisible({ timeout: 20_000 });
    for (const name of names.slice(6)) await agent.query(`SELECT 1 AS ${name}`);
    for (const name of names) await expect(rowOf(page, name)).toHaveCount(1);
    const shown = await page
      .getByRole("row")
      .filter({ hasText: /probe_/ })
      .allInnerTexts();
    const order = shown.map((text) => /probe_\w+/.exec(text)?.[0] ?? "").filter((name) => names.includes(name));
    expect(order).toEqual([...names].reverse());
  } finally {
    relay.close();
  }
});

test("a row opens what the log has of its statement, in the address too", async ({ page, connectAs }) => {
  const agent = await connectAs("reporting-agent");
  const name = probe();
  await agent.query(`SELECT email AS ${name} FROM customers LIMIT 1`);
  await rowOf(page, name).click();
  const panel = page.getByRole("complementary", { name: "Statement" });
  await expect(panel).toContainText("shop.public.customers.email");
  await expect(panel).toContainText("agents-read");
  await expect(panel).toContainText("statement.opened");
  expect(new URL(page.url()).searchParams.get("entry")).toMatch(/^[0-9a-f-]{36}$/);
  await page.reload();
  await expect(panel).toContainText("shop.public.customers.email");
  // A key that is pressed before the page listens is pressed again, as a person would.
  await expect(async () => {
    await page.keyboard.press("Escape");
    await expect(panel).toHaveCount(0, { timeout: 500 });
  }).toPass();
});

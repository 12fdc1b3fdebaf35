import { expect, test } from "../fixtures/browser";

test.beforeEach(async ({ signInAs, page }) => {
  await signInAs("admin");
  await page.goto("/masking");
});

test("every column is shown with its label, its rule and a made-up value masked", async ({ page }) => {
  const email = page.getByRole("row").filter({ hasText: "pii.email" }).first();
  await expect(email).toContainText("mask-email");
  await expect(email).toContainText("a***@example.com");
  await page.getByRole("textbox", { name: "Find a column" }).fill("card_number");
  await expect(page.getByRole("row").filter({ hasText: "card_number" }).first()).toContainText("last4");
  await expect(page.getByRole("row").filter({ hasText: "loyalty_tier" })).toHaveCount(0);
  await page.getByRole("textbox", { name: "Find a column" }).fill("");
  await page.getByRole("group", { name: "Columns" }).getByRole("button", { name: "Not judged" }).click();
  await expect(page.getByRole("row").filter({ hasText: "pii.email" })).toHaveCount(0);
});

test("rules stand in the order in which they count, with what they match", async ({ page }) => {
  await page.getByRole("link", { name: "Labels and rules", exact: true }).click();
  const rules = page.getByRole("region", { name: "Rules", exact: true }).getByRole("row");
  await expect(rules.nth(1)).toContainText("mask-card");
  await expect(rules.filter({ hasText: "mask-name" })).toContainText("support");
  await expect(page.getByRole("region", { name: "Labels", exact: true })).toContainText("*.*.*.email");
});

test("what a statement becomes for an agent is shown without running it, as the agent then sees it", async ({
  page,
  connectAs,
}) => {
  await page.getByLabel("View as").selectOption("agent/reporting-agent");
  await expect(page).toHaveURL(/as=agent%2Freporting-agent/);
  await page.getByRole("button", { name: "Try a statement" }).click();
  const trial = page.getByRole("complementary", { name: "Try a statement" });
  const statement = "SELECT email FROM customers ORDER BY id LIMIT 1";
  await trial.getByRole("textbox").fill(statement);
  await expect(trial).toContainText("shop.public.customers.email");
  await expect(trial).toContainText("mask-email");
  const sent = await trial.locator("pre").innerText();
  expect(sent).not.toBe(statement);
  await trial.getByRole("textbox").fill("DROP TABLE customers");
  await expect(trial).toContainText("Denied");
  await expect(trial).toContainText("no-ddl-in-production");
  const agent = await connectAs("reporting-agent");
  const { rows } = await agent.query(statement);
  expect(rows[0].email).toMatch(/\*\*\*@/);
});

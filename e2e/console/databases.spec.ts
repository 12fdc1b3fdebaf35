import { randomUUID } from "node:crypto";
import { expect, test } from "../fixtures/browser";

test.beforeEach(async ({ page, signInAs }) => {
  await signInAs("admin");
  await page.goto("/databases");
});

test("a database with a wrong password is refused with exactly what the server said", async ({ page, demo }) => {
  const url = new URL(demo.upstream);
  url.password = "wrong";
  await page.getByRole("button", { name: "Add database" }).click();
  const dialog = page.getByRole("dialog", { name: "Add database" });
  await dialog.getByLabel("Name").fill("warehouse");
  await dialog.getByLabel("Connection URL").fill(url.href);
  await dialog.getByRole("button", { name: "Add database" }).click();
  await expect(dialog).toContainText(`password authentication failed for user "${url.username}" (28P01)`);
  await expect(dialog.getByLabel("Name")).toHaveValue("warehouse");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("row").filter({ hasText: "warehouse" })).toHaveCount(0);
});

test("a port where nobody listens is told from a wrong password", async ({ page }) => {
  await page.getByRole("button", { name: "Add database" }).click();
  const dialog = page.getByRole("dialog", { name: "Add database" });
  await dialog.getByLabel("Connection URL").fill("postgres://broker:secret@127.0.0.1:1/shop");
  await dialog.getByRole("button", { name: "Test connection" }).click();
  await expect(dialog).toContainText(/refused|ECONNREFUSED/);
});

test("a database is registered, synced and removed by typing its name", async ({ page, demo }) => {
  const name = `copy-${randomUUID().slice(0, 8)}`;
  await page.getByRole("button", { name: "Add database" }).click();
  const dialog = page.getByRole("dialog", { name: "Add database" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Connection URL").fill(demo.upstream);
  await dialog.getByLabel("Labels").fill("env=staging");
  await dialog.getByRole("button", { name: "Add database" }).click();
  const panel = page.getByRole("complementary", { name: `Database ${name}` });
  await expect(panel).toContainText("env=staging");
  await expect(panel).toContainText(/\d+ tables/);
  expect(await page.content()).not.toContain(new URL(demo.upstream).password);
  await panel.getByRole("button", { name: `Sync ${name}` }).click();
  await expect(page.getByText(`${name}: `).filter({ hasText: "nothing changed" })).toBeVisible();
  await panel.getByRole("button", { name: "Remove" }).click();
  const question = page.getByRole("dialog", { name: `Remove ${name}?` });
  await expect(question.getByRole("button", { name: `Remove ${name}` })).toBeDisabled();
  await question.getByRole("textbox").fill(name);
  await question.getByRole("button", { name: `Remove ${name}` }).click();
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(0);
});

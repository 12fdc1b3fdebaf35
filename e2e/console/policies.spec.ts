import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { refused } from "@/demo/job-client";
import { packageRoot } from "@/lib/package-root";
import { expect, test } from "../fixtures/browser";

/** what a change may take to reach a broker, with room for a busy machine */
const reachMsMax = 10_000;
const file = "reads.cedar";
const original = readFileSync(join(packageRoot(), "policies", file), "utf8");
const addition = `
@id("tickets-are-closed")
@reason("tickets are being moved today")
forbid (principal is Agent, action in Action::"read", resource == Table::"shop.public.support_tickets");
`;

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: file }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** Puts a version in force and answers which one it replaced. */
async function activate(page: Page, action: "Activate" | "Roll back to this version"): Promise<void> {
  await page.getByRole("main").getByRole("button", { name: action }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("1 file changes");
  await question.getByRole("button", { name: /^(Activate|Roll back to) version \d+$/ }).click();
  await expect(question).toHaveCount(0);
  await expect(page.getByRole("main").getByText("In force", { exact: true })).toBeVisible();
}

test("an edited policy is activated, reaches a session that runs, and is rolled back", async ({
  page,
  connectAs,
  signInAs,
}) => {
  const agent = await connectAs("reporting-agent");
  const statement = "SELECT count(*) FROM support_tickets";
  await agent.query(statement);
  await signInAs("admin");
  const { active } = await (await page.request.get("/api/policies")).json();
  await page.goto(`/policies/edit?file=${file}`);
  await write(page, original + addition);
  await expect(page.getByRole("status").filter({ hasText: "It can be activated" })).toBeVisible();
  await page.getByRole("button", { name: "Run tests" }).click();
  await expect(page.getByRole("status").filter({ hasText: "All passed" })).toBeVisible();
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByLabel("What changes, and why").fill("Tickets are moved");
  await page.getByRole("dialog").getByRole("button", { name: "Save draft" }).click();
  await expect(page).toHaveURL(/\/policies\/versions\/\d+$/);
  await expect(page.getByRole("main")).toContainText("tickets-are-closed");
  await agent.query(statement);

  await activate(page, "Activate");
  const answer = () => refused(agent, statement).then(({ code, message }) => `${code} ${message}`, String);
  await expect.poll(answer, { timeout: reachMsMax }).toMatch(/^42501 .*tickets are being moved today/);

  await page.goto(`/policies/versions/${active.version.version}`);
  await activate(page, "Roll back to this version");
  const works = () => agent.query(statement).then(({ rowCount }) => rowCount, String);
  await expect.poll(works, { timeout: reachMsMax }).toBe(1);
});

test("a fault is told with its file and line while typing, and cannot be activated", async ({ page, signInAs }) => {
  await signInAs("admin");
  await page.goto(`/policies/edit?file=${file}`);
  await write(page, `${original}\n@id("half")\nforbid (principal, action`);
  await expect(page.getByRole("status").filter({ hasText: "It cannot be activated like this" })).toBeVisible();
  const lines = original.split("\n").length;
  const fault = page.getByRole("region", { name: "Results" }).getByRole("listitem").first();
  await expect(fault).toContainText(new RegExp(`${file}:(${lines}|${lines + 1}|${lines + 2})$`));
  await expect(page.getByRole("button", { name: "Run tests" })).toBeDisabled();
  await write(page, original.replace('Action::"read"', 'Action::"reed"'));
  await expect(fault).toContainText("policy agents-read");
  await expect(fault).toContainText(`${file}:3`);
  await write(page, original);
  await expect(page.getByRole("status").filter({ hasText: "It can be activated" })).toBeVisible();
});

test("a reviewer reads policies with what they decided, and is offered no change", async ({ page, signInAs }) => {
  await signInAs("reviewer", "security");
  await page.goto("/policies");
  await page.getByRole("row").filter({ hasText: "hold-deletes-in-production" }).click();
  await expect(page.getByRole("complementary")).toContainText('@hold("security")');
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  const answer = await page.goto("/policies/edit");
  expect(answer?.status()).toBe(403);
});

import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/browser";
import { type HeldCall, holdDelete } from "../fixtures/held-call";

const requests = 5;

/** Two keys that are pressed before the page listens are pressed again, as a person would. */
async function goTo(page: Page, key: string, title: string): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible({ timeout: 2000 });
  }).toPass();
}

test("a reviewer decides five requests in a row with the keyboard alone, one of them with a denial", async ({
  page,
  demo,
  connectAs,
  signInAs,
}) => {
  const held: HeldCall[] = [];
  for (let count = 0; count < requests; count += 1)
    held.push(await holdDelete(demo, await connectAs("maintenance-agent")));
  await signInAs("reviewer", "security");
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  await goTo(page, "a", "Approvals");
  const heading = page.getByRole("main").getByRole("heading", { name: /^Request \d+$/ });
  await expect(heading).toBeVisible();

  for (let index = 0; index < requests; index += 1) {
    const shown = await heading.textContent();
    const deny = index === 2;
    await page.keyboard.press(deny ? "d" : "a");
    await expect(page.getByRole("dialog")).toContainText(`${deny ? "Deny" : "Approve"} ${shown?.replace("R", "r")}?`);
    await expect(page.getByRole("dialog").getByLabel("Reason")).toBeFocused();
    if (deny) await page.keyboard.type("Not during the stocktaking");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    if (index < requests - 1) await expect(heading).not.toHaveText(shown ?? "");
  }
  const ends = await Promise.all(held.map(({ end }) => end));
  expect(ends.filter((end) => "rows" in end && end.rows === 1)).toHaveLength(requests - 1);
  const denied = ends.filter((end) => "code" in end);
  expect(denied).toEqual([{ code: "ZS002", reason: expect.stringContaining("Not during the stocktaking") }]);
});

test("j and k move through the inbox, and Escape closes the question with nothing decided", async ({
  page,
  demo,
  connectAs,
  signInAs,
}) => {
  const first = await holdDelete(demo, await connectAs("maintenance-agent"));
  const second = await holdDelete(demo, await connectAs("maintenance-agent"));
  await signInAs("reviewer", "security");
  await page.goto(first.url);
  const heading = (id: number) => page.getByRole("main").getByRole("heading", { name: `Request ${id}` });
  await expect(heading(first.approval)).toBeVisible();
  await page.keyboard.press("j");
  await expect(heading(second.approval)).toBeVisible();
  await page.keyboard.press("k");
  await expect(heading(first.approval)).toBeVisible();
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const { status } = await (await page.request.get(`/api/approvals/${first.approval}`)).json();
  expect(status).toBe("pending");
});

test("g and a letter lead to every page", async ({ page, signInAs }) => {
  await signInAs("admin");
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  for (const [key, title] of [
    ["f", "Feed"],
    ["a", "Approvals"],
    ["p", "Policies"],
    ["m", "Masking"],
    ["d", "Databases"],
    ["i", "Identities"],
    ["u", "Audit"],
    ["o", "Overview"],
  ] as const) {
    await goTo(page, key, title);
  }
});

test("the palette opens with Ctrl K, goes to a page and returns the focus", async ({ page, signInAs }) => {
  await signInAs("admin");
  const search = page.getByRole("button", { name: /Search or jump to/ });
  await search.focus();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await expect(palette).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette).toHaveCount(0);
  await expect(search).toBeFocused();
  await page.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill("feed");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Feed", level: 1 })).toBeVisible();
});

test("? lists the shortcuts, and they can be switched off", async ({ page, signInAs }) => {
  await signInAs("admin");
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  // A key that is pressed before the page listens is pressed again, as a person would.
  await expect(async () => {
    await page.keyboard.press("?");
    await expect(help).toContainText("Go to", { timeout: 1000 });
  }).toPass();
  await help.getByRole("switch", { name: /Single-key shortcuts/ }).click();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.keyboard.press("?");
  await expect(help).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
});

import { expect, test } from "../fixtures/browser";

for (const path of ["/feed", "/policies", "/masking", "/databases", "/identities", "/audit"]) {
  test(`${path} tells a requester which role it needs and who can give it`, async ({ page, signInAs }) => {
    await signInAs("requester");
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole("heading", { name: "This page is not for your role" })).toBeVisible();
    const text = page.getByRole("main");
    await expect(text).toContainText(/needs the role admin, reviewer or auditor, and yours is requester/);
    await expect(text).toContainText("an admin can change that");
    const navigation = page.getByRole("navigation", { name: "Pages" });
    await expect(navigation.getByRole("link", { name: "Approvals" })).toBeVisible();
    await expect(navigation.locator(`a[href="${path}"]`)).toHaveCount(0);
  });
}

test("an auditor reads everything and is offered nothing that changes anything", async ({ page, signInAs }) => {
  await signInAs("auditor");
  for (const [path, title] of [
    ["/databases?database=shop", "Databases"],
    ["/identities?tab=agents&name=reporting-agent", "Identities"],
    ["/approvals?view=open", "Approvals"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
    const changes = /^(Add|Sync|Freeze|Unfreeze|Issue|Revoke|Remove|Approve|Deny|Withdraw|Edit|Change|Save|Activate)\b/;
    await expect(page.getByRole("main").getByRole("button", { name: changes })).toHaveCount(0);
  }
});

test("an ended session leads to sign-in and back to where one was", async ({ page, context, demo, signInAs }) => {
  await signInAs("admin");
  await context.clearCookies({ domain: new URL(demo.console).hostname });
  await page.goto("/identities?tab=groups");
  await expect(page).toHaveURL(/\/sign-in\?/);
  await page.getByRole("button", { name: /single sign-on/i }).click();
  await page.getByRole("button", { name: demo.people.find(({ role }) => role === "admin")?.name }).click();
  await expect(page).toHaveURL(/\/identities\?tab=groups$/);
});

import type { APIResponse, Page } from "@playwright/test";
import { expect, personOf, test } from "../fixtures/browser";
import { holdDelete } from "../fixtures/held-call";

const vote = { vote: "approve", reason: "I would like it to run" };

function voteOverApi(page: Page, approval: number): Promise<APIResponse> {
  return page.request.post(`/api/approvals/${approval}/reviews`, { data: vote });
}

test("an agent's DELETE returns from its own call once a reviewer of security approves it", async ({
  page,
  demo,
  connectAs,
  signInAs,
}) => {
  const reporting = await connectAs("reporting-agent");
  await reporting.query("SELECT id, email FROM customers ORDER BY id LIMIT 3");
  await expect(reporting.query("DROP TABLE customers")).rejects.toMatchObject({ code: "42501" });
  const held = await holdDelete(demo, await connectAs("maintenance-agent"));

  await signInAs("reviewer", "security");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Approvals" }).click();
  await page.getByRole("navigation", { name: "Requests" }).getByText(`#${held.approval}`, { exact: true }).click();
  const request = page.getByRole("main");
  await expect(request.getByRole("heading", { name: `Request ${held.approval}` })).toBeVisible();
  const owner = personOf(demo, "requester").email;
  for (const fact of ["maintenance-agent", "wants to run a DELETE", `${owner} answers for it`, "shop.public.orders"])
    await expect(request).toContainText(fact);
  await expect(request.getByRole("region", { name: "Statement" })).toContainText(
    new RegExp(held.statement.replaceAll(" ", "\\s+")),
  );
  await expect(request).toContainText("Deleting in production needs a second person");
  await expect(request.getByRole("link", { name: "hold-deletes-in-production" })).toBeVisible();

  await request.getByRole("button", { name: "Approve" }).click();
  const dialog = page.getByRole("dialog", { name: `Approve request ${held.approval}?` });
  await dialog.getByLabel("Reason").fill("The order is a duplicate");
  await dialog.getByRole("button", { name: "Approve" }).click();
  expect(await held.end).toEqual({ rows: 1 });
  await expect(request.getByText("Approved and run")).toBeVisible();
  await expect(request).toContainText("“The order is a duplicate”");

  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Feed" }).click();
  const row = (statement: string) => page.getByRole("row").filter({ hasText: statement }).first();
  await expect(row("FROM customers ORDER BY id")).toContainText("Allowed");
  await expect(row("FROM customers ORDER BY id")).toContainText("1 masked");
  await expect(row("DROP TABLE customers")).toContainText("Denied");
  await expect(row("DELETE FROM orders")).toContainText("Held");
  await expect(row("DELETE FROM orders")).toContainText("1 row");

  await page.goto(`/audit?q=request:${held.approval}`);
  const told = page.getByRole("main").getByRole("listitem");
  for (const kind of ["approval.opened", "statement.held", "approval.reviewed", "approval.approved", "approval.used"])
    await expect(told.filter({ hasText: kind })).toHaveCount(1);
  for (const kind of ["statement.released", "statement.closed"])
    await expect(told.filter({ hasText: kind })).toHaveCount(1);
});

test("a denial ends the agent's call with ZS002 and the reviewer's reason", async ({
  page,
  demo,
  connectAs,
  signInAs,
}) => {
  const held = await holdDelete(demo, await connectAs("maintenance-agent"));
  await signInAs("reviewer", "security");
  await page.goto(held.url);
  await page.getByRole("button", { name: "Deny" }).click();
  const dialog = page.getByRole("dialog", { name: `Deny request ${held.approval}?` });
  await dialog.getByRole("button", { name: "Deny" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Say why");
  await dialog.getByLabel("Reason").fill("This order is disputed");
  await dialog.getByRole("button", { name: "Deny" }).click();
  const end = await held.end;
  expect(end).toMatchObject({ code: "ZS002", reason: expect.stringContaining("This order is disputed") });
  await expect(page.getByRole("main")).toContainText("This order is disputed");
  await expect(page.getByRole("main").getByRole("heading", { name: `Request ${held.approval}` })).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
});

for (const role of ["requester", "admin"]) {
  test(`the ${role} reads the request and has no way to approve it`, async ({ page, demo, connectAs, signInAs }) => {
    const held = await holdDelete(demo, await connectAs("maintenance-agent"));
    await signInAs(role);
    await page.goto(held.url);
    await expect(page.getByRole("heading", { name: `Request ${held.approval}` })).toBeVisible();
    await expect(page.getByText(/^You cannot decide this: /)).toBeVisible();
    await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
    await page.keyboard.press("a");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    const refused = await voteOverApi(page, held.approval);
    expect(refused.status()).toBe(403);
    const { status } = await (await page.request.get(`/api/approvals/${held.approval}`)).json();
    expect(status).toBe("pending");
  });
}

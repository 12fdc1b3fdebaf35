import type { DemoFile } from "@/demo/demo-file";
import { eventually } from "@/demo/job-client";
import { expect, personOf, signInHere, test } from "../fixtures/browser";
import { holdDelete } from "../fixtures/held-call";

type Message = { to: string[]; subject: string; text: string };

/** The link of the message that tells somebody of a request. */
async function linkFor(demo: DemoFile, to: string, approval: number): Promise<string> {
  const address = `${demo.mail}/api/messages?${new URLSearchParams({ to })}`;
  return eventually(async () => {
    const { messages } = (await (await fetch(address)).json()) as { messages: Message[] };
    return messages
      .flatMap(({ text }) => text.match(/https?:\/\/\S+/g) ?? [])
      .find((link) => new URL(link).pathname.endsWith(`/approvals/${approval}`));
  }, `a message to ${to} about request ${approval}`);
}

test("a reviewer who is signed in decides from the mailed link with two clicks", async ({
  page,
  demo,
  connectAs,
  signInAs,
}) => {
  const held = await holdDelete(demo, await connectAs("maintenance-agent"));
  const reviewer = await signInAs("reviewer", "security");
  const link = await linkFor(demo, reviewer, held.approval);
  await page.goto(link);
  await expect(page.getByRole("main")).toContainText("wants to run a DELETE");
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  expect(await held.end).toEqual({ rows: 1 });
  await expect(page.getByText("Approved and run")).toBeVisible();
});

test("the mailed link leads a reviewer who is not signed in through sign-in to the request", async ({
  page,
  demo,
  connectAs,
}) => {
  const held = await holdDelete(demo, await connectAs("maintenance-agent"));
  const reviewer = personOf(demo, "reviewer", "security");
  await page.goto(await linkFor(demo, reviewer.email, held.approval));
  await signInHere(page, demo, reviewer.name);
  await expect(page.getByRole("heading", { name: `Request ${held.approval}` })).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
});

test("opening the mailed link without a session, as scanners do, decides nothing", async ({
  demo,
  connectAs,
  request,
}) => {
  const held = await holdDelete(demo, await connectAs("maintenance-agent"));
  const reviewer = personOf(demo, "reviewer", "security");
  const link = await linkFor(demo, reviewer.email, held.approval);
  const opened = await request.get(link);
  expect(new URL(opened.url()).pathname).toBe("/sign-in");
  const vote = await request.post(`/api/approvals/${held.approval}/reviews`, {
    data: { vote: "approve", reason: "" },
  });
  expect(vote.status()).toBe(401);
  const ended = await Promise.race([held.end, new Promise((resolve) => setTimeout(resolve, 1_000, "waits"))]);
  expect(ended).toBe("waits");
});

import { expect, test } from "../fixtures/browser";

test("a person signs in through the identity provider and lands in the console", async ({
  page,
  signInAs,
  expectAccessible,
}) => {
  const email = await signInAs("reviewer", "security");
  const session = await page.request.get("/api/auth/session");
  expect((await session.json()).user.email).toBe(email);
  await expectAccessible();
});

test("somebody who is signed out is sent to the sign-in page, which is accessible", async ({
  page,
  demo,
  expectAccessible,
}) => {
  await page.goto(`${demo.console}/feed`);
  await expect(page).toHaveURL(/\/sign-in/);
  await expectAccessible();
});

import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claimPort, quietPort } from "./ports";

let holder: Server;
let taken: number;
beforeAll(async () => {
  taken = await quietPort();
  holder = createServer();
  await new Promise<void>((resolve) => holder.listen(taken, "127.0.0.1", resolve));
});
afterAll(() => holder.close());

describe("ports", () => {
  it("refuses one that another program has, naming the setting that changes it", async () => {
    await expect(claimPort(taken, "CONSOLE_PORT")).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(new RegExp(`port ${taken} is taken.*CONSOLE_PORT`)),
    });
  });

  it("finds a free one for 0", async () => {
    expect(await claimPort(0, "CONSOLE_PORT")).not.toBe(taken);
  });

  it("keeps the one from last time while it is free, and moves on when it is not", async () => {
    const last = await quietPort();
    expect(await quietPort(last)).toBe(last);
    expect(await quietPort(taken)).not.toBe(taken);
  });
});

import { describe, expect, it } from "vitest";
import { errorFields, errorsOf, type RawClient } from "../fixtures/raw-client";
import { relayedDatabase } from "../fixtures/stack";

describe("an upstream that fails", () => {
  it("refuses a session when the upstream is down, and says so", async () => {
    const { relay, login } = await relayedDatabase();
    relay.refuse();
    await expect(login()).rejects.toMatchObject({ fields: { S: "FATAL", C: expect.stringMatching(/^(08|57|58)/) } });
    relay.open();
    const client = await login();
    expect(errorsOf(await client.run("SELECT 1"))).toEqual([]);
    client.destroy();
    relay.close();
  });

  it("ends the session with an error when the upstream closes in the middle of a result", async () => {
    const { relay, login } = await relayedDatabase();
    const client = await login();
    relay.cutAfter(20_000);
    const messages = await client.run("SELECT * FROM order_items");
    const last = messages.at(-1)!;
    expect(last.type).toBe("E");
    expect(errorFields(last.body)).toMatchObject({ S: "FATAL" });
    relay.close();
  });

  it("waits for a slow upstream without blocking other sessions", async () => {
    const { relay, login, other } = await relayedDatabase();
    const slow = await login();
    relay.stall();
    const stalled = slow.run("SELECT 1");
    const quick: RawClient = await other();
    for (let i = 0; i < 10; i++) expect(errorsOf(await quick.run("SELECT 1"))).toEqual([]);
    relay.open();
    expect((await stalled).map((m) => m.type).join("")).toBe("TDCZ");
    slow.destroy();
    quick.destroy();
    relay.close();
  });
});

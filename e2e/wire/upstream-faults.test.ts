import { describe, expect, it } from "vitest";
import { errorsOf, type RawClient } from "../fixtures/raw-client";
import { relayedDatabase, store } from "../fixtures/stack";

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

  it("ends the session when the upstream closes in the middle of a result, and records that it did not end well", async () => {
    const { relay, login } = await relayedDatabase();
    const client = await login();
    relay.cutAfter(20_000);
    const messages = await client.run("SELECT 'cut off', * FROM order_items");
    expect(messages.some(({ type }) => type === "D")).toBe(true);
    expect(messages.some(({ type }) => type === "C" || type === "Z")).toBe(false);
    await expect
      .poll(async () => {
        const rows = await store(
          `SELECT c.leaf FROM audit_event o JOIN audit_event c USING (entry_id)
           WHERE o.kind = 'statement.opened' AND o.statement LIKE 'SELECT ?, * FROM order_items%' AND c.kind = 'statement.closed'`,
        );
        return rows.map((row) => (JSON.parse(String(row.leaf)) as { outcome: string }).outcome);
      })
      .toEqual([expect.stringMatching(/^(error|unknown)$/)]);
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

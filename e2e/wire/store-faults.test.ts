import { describe, expect, it } from "vitest";
import { errorsOf } from "../fixtures/raw-client";
import { ownBroker, store } from "../fixtures/stack";

describe("a governance store that is away", () => {
  it("refuses new statements with ZS003 once the lease is over, finishes what runs, and loses nothing", async () => {
    const broker = await ownBroker({});
    const client = await broker.login("maintenance-agent");
    const running = await broker.login("engineer");
    const slow = running.run("SELECT count(*) FROM order_items a, order_items b WHERE a.line = b.line");
    broker.storeRelay.refuse();
    let refused: Record<string, string> | undefined;
    await expect
      .poll(
        async () => {
          refused = errorsOf(await client.run("SELECT 'store is away'"))[0];
          return refused?.C;
        },
        { timeout: 25_000, interval: 500 },
      )
      .toBe("ZS003");
    expect(refused!.H!.length).toBeGreaterThan(0);
    expect(errorsOf(await client.run("COMMIT"))).toEqual([]);
    expect(errorsOf(await slow)).toEqual([]);
    broker.storeRelay.open();
    await expect
      .poll(async () => errorsOf(await client.run("SELECT 'store is back'"))[0]?.C ?? "ok", {
        timeout: 20_000,
        interval: 500,
      })
      .toBe("ok");
    await expect
      .poll(
        async () =>
          (
            await store(
              `SELECT count(*)::int AS n FROM audit_event WHERE leaf LIKE '%${broker.id}%' AND kind = 'statement.refused'`,
            )
          )[0]!.n,
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    await broker.stop();
  });
});

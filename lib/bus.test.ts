import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { redisMissing, startRedis, type TestRedis } from "@/e2e/fixtures/redis";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { publish, subscribe } from "./bus";
import { db, onCommit, withTransaction } from "./db";

const missing = redisMissing();
if (missing !== null) process.stderr.write(`the Redis half of the bus's tests is skipped: ${missing}\n`);
const waiting = { timeout: 10_000, interval: 20 };

describe.each(["postgresql", "redis"])("the bus over %s", (backend) => {
  const skip = backend === "redis" && missing !== null;
  let redis: TestRedis | undefined;
  let store: TestStore;
  beforeAll(async () => {
    if (skip) return;
    redis = backend === "redis" ? await startRedis() : undefined;
    store = await testStore(redis === undefined ? {} : { REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await store?.stop();
    await redis?.stop();
  });

  it.skipIf(skip)("carries what is published to every listener of the channel and to no other", async () => {
    const heard: unknown[] = [];
    const stops = [
      await subscribe("approval", (payload) => heard.push(["first", payload])),
      await subscribe("approval", () => {
        throw new Error("a listener that fails");
      }),
      await subscribe("approval", (payload) => heard.push(["second", payload])),
      await subscribe("snapshot", (payload) => heard.push(["other", payload])),
    ];
    await publish("approval", { id: 7 });
    await expect
      .poll(() => heard, waiting)
      .toEqual([
        ["first", { id: 7 }],
        ["second", { id: 7 }],
      ]);
    for (const stop of stops) stop();
    await publish("approval", { id: 8 });
    await sleep(100);
    expect(heard).toHaveLength(2);
  });

  it.skipIf(skip)("drops what is not a payload of the channel", async () => {
    const heard: unknown[] = [];
    const stop = await subscribe("feed", (payload) => heard.push(payload));
    await publish("feed", { position: 7 } as never);
    await publish("feed", { position: "8" });
    await expect.poll(() => heard, waiting).toEqual([{ position: "8" }]);
    stop();
  });

  it.skipIf(skip)("says nothing of a transaction that was rolled back, and speaks after a commit", async () => {
    const heard: unknown[] = [];
    const stop = await subscribe("approval", ({ id }) => heard.push(id));
    const change = (id: number, fail: boolean) =>
      withTransaction(async () => {
        onCommit(() => publish("approval", { id }));
        if (fail) throw new Error("no");
      });
    await expect(change(1, true)).rejects.toThrow("no");
    await change(2, false);
    await expect.poll(() => heard, waiting).toEqual([2]);
    stop();
  });

  it.skipIf(skip || backend === "redis")(
    "comes back after its connection is lost and says that something may be missing",
    async () => {
      let gaps = 0;
      const heard: number[] = [];
      const stop = await subscribe(
        "approval",
        ({ id }) => heard.push(id),
        () => {
          gaps += 1;
        },
      );
      await store.asSuperuser(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'countersign bus'",
      );
      await expect.poll(() => gaps, waiting).toBe(1);
      await publish("approval", { id: 9 });
      await expect.poll(() => heard, waiting).toEqual([9]);
      stop();
    },
  );
});

describe("withTransaction", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(() => store?.stop());

  it("survives a connection that is lost in the middle, and gives the next one a good one", async () => {
    const lost = withTransaction(async (tx) => {
      const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
      await store.asSuperuser("select pg_terminate_backend($1)", [rows[0]?.pid]);
      await sleep(50);
      await tx.query("select 1");
    });
    await expect(lost).rejects.toThrow();
    expect((await db().query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("refuses a nudge outside of a transaction", () => {
    expect(() => onCommit(() => undefined)).toThrow(/outside a transaction/);
  });
});

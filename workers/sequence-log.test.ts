import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { subscribe } from "@/lib/bus";
import { withTransaction } from "@/lib/db";
import { appendAudit } from "@/lib/store/audit";
import { listAudit } from "@/lib/store/audit-list";
import { verifyStore } from "@/lib/store/audit-verify";
import { type LogSequencer, sequenceLog } from "./sequence-log";

let store: TestStore;
let home: string;
let sequencers: LogSequencer[];
beforeAll(async () => {
  store = await testStore();
  home = await mkdtemp(join(tmpdir(), "countersign-sequence-"));
  const deps = { ownerUrl: store.ownerUrl, home };
  sequencers = [await sequenceLog(deps), await sequenceLog(deps)];
});
afterAll(async () => {
  for (const sequencer of sequencers ?? []) await sequencer.stop();
  await store?.stop();
  await rm(home, { recursive: true, force: true });
});

async function until(condition: () => Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("it did not happen in time");
    await sleep(10);
  }
}
const add = (group: string) =>
  withTransaction((tx) => appendAudit(tx, { kind: "group.added", actor: "system/test", group, source: "local" }));
const has = async (group: string) => (await listAudit({ filters: { text: group } })).events.length > 0;

describe("the log's sequencer", () => {
  it("is woken by a commit and tells the feed where the log ends", async () => {
    await add("warm-up");
    await until(() => has("warm-up"));
    const positions: string[] = [];
    const unsubscribe = await subscribe("feed", ({ position }) => positions.push(position));
    const begun = performance.now();
    await add("quick");
    await until(() => has("quick"));
    expect(performance.now() - begun).toBeLessThan(900);
    await until(async () => positions.length > 0);
    unsubscribe();
    expect(BigInt(positions.at(-1)!)).toBe(BigInt((await listAudit()).events[0]!.position));
  });

  it("goes on when its connection is cut, with whichever of two gets the place", async () => {
    for (let round = 0; round < 3; round++) {
      await store.asSuperuser(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'countersign sequencer'",
      );
      await add(`round-${round}`);
      await until(() => has(`round-${round}`));
    }
  });

  it("seals the log when it stops", async () => {
    await add("last");
    for (const sequencer of sequencers.splice(0)) await sequencer.stop();
    const report = await verifyStore({ home });
    expect(report).toMatchObject({ status: "intact", waiting: 0 });
    if (report.status === "intact") expect(report.signedSize).toBe(report.size);
  });

  it("records once that the log is no longer the one that was signed", async () => {
    await store.asSuperuser(
      "set session_replication_role = replica; delete from audit_event where position = 1; reset session_replication_role",
    );
    for (let round = 0; round < 2; round++) {
      const sequencer = await sequenceLog({ ownerUrl: store.ownerUrl, home });
      await until(() => has("log-different"));
      await sequencer.stop();
    }
    const alarms = await listAudit({ filters: { kinds: ["alarm.raised"] } });
    expect(alarms.events.map(({ leaf }) => JSON.parse(leaf).alarm)).toEqual(["log-different"]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import type { JournalHealth } from "@/lib/audit/journal-health";
import { db } from "@/lib/db";
import { beat } from "@/lib/store/heartbeats";
import { checkShipping, findingsOf } from "./check-shipping";

const now = new Date("2026-01-02T03:04:05.000Z");
const well: JournalHealth = {
  start: 1,
  sequence: 100,
  shipped: 90,
  bytes: 5_000,
  behindMs: 0,
  fault: null,
  storeError: null,
};
const alarmsOf = (journal: unknown, at = now) =>
  findingsOf({ id: "broker/b1", at, snapshotVersion: "1", details: { journal } }, now)
    .filter(({ message }) => message !== null)
    .map(({ alarm }) => alarm);

describe("findingsOf", () => {
  it.each([
    ["nothing of a healthy broker", well, []],
    ["a backlog that is a minute old", { ...well, behindMs: 61_000, storeError: "down" }, ["journal-backlog"]],
    ["no backlog that is young", { ...well, behindMs: 59_000 }, []],
    ["a journal that cannot be written", { ...well, fault: "ENOSPC" }, ["journal-unwritable"]],
    ["nothing of a heartbeat of another version", { journal: 1 }, []],
  ])("tells %s", (_, journal, alarms) => {
    expect(alarmsOf(journal)).toEqual(alarms);
  });

  it("tells of a broker that went silent, and nothing of what it said before", () => {
    expect(alarmsOf({ ...well, fault: "ENOSPC" }, new Date(now.getTime() - 61_000))).toEqual(["broker-silent"]);
  });
});

describe("checkShipping", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(() => store?.stop());

  it("records an alarm once while it lasts, and its end once", async () => {
    const recorded = async () => {
      const { rows } = await db().query("select leaf from audit_inbox order by id");
      return rows.map(({ leaf }) => [JSON.parse(leaf).kind, JSON.parse(leaf).alarm]);
    };
    await beat({ id: "workers/w1", details: {} });
    await beat({ id: "broker/b1", snapshotVersion: "1", details: { journal: { ...well, fault: "ENOSPC" } } });
    await checkShipping();
    await checkShipping();
    expect(await recorded()).toEqual([["alarm.raised", "journal-unwritable"]]);
    await beat({ id: "broker/b1", snapshotVersion: "1", details: { journal: well } });
    await checkShipping();
    await checkShipping();
    expect(await recorded()).toEqual([
      ["alarm.raised", "journal-unwritable"],
      ["alarm.cleared", "journal-unwritable"],
    ]);
  });
});

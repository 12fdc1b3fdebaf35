import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { leafOf } from "@/lib/audit/leaf";
import { db } from "@/lib/db";
import { changeEnv } from "@/lib/env";
import { type Journal, openJournal } from "./journal";
import { type JournalShipper, shipJournal } from "./ship-journal";

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store?.stop());

let dir: string;
let brokerId: string;
let running: { journal: Journal; shipper: JournalShipper | null }[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "countersign-ship-"));
  brokerId = `b-${Math.random().toString(36).slice(2, 10)}`;
});
afterEach(async () => {
  for (const { journal, shipper } of running) {
    await shipper?.stop({ drainMs: 0 });
    await journal.close().catch(() => undefined);
  }
  running = [];
  rmSync(dir, { recursive: true, force: true });
});

function start({ ship = true, segmentBytesMax = 20_000 } = {}) {
  const journal = openJournal({ dir, brokerId, durability: "process", segmentBytesMax });
  const started = { journal, shipper: ship ? shipJournal(journal) : null };
  running.push(started);
  return started;
}

async function stop({ journal, shipper }: { journal: Journal; shipper: JournalShipper | null }): Promise<void> {
  await shipper?.stop();
  await journal.close();
  running = running.filter((entry) => entry.journal !== journal);
}

let made = 0;
/** Appends events and returns their ids. */
function append(journal: Journal, events: number, extra = {}): string[] {
  const ids: string[] = [];
  for (let at = 0; at < events; at++) {
    const id = journal.newId();
    const fields = { actor: "system/test", brokerId, group: `g${made++}`, pad: "x".repeat(200), ...extra };
    journal.appendLeaf(id, leafOf({ id, at: new Date().toISOString(), kind: "group.added", ...fields }));
    ids.push(id);
    if (at % 20 === 19) journal.commit();
  }
  journal.commit();
  return ids;
}

type Arrived = { id: string; kind: string; alarm?: string; message?: string };
async function arrived(): Promise<Arrived[]> {
  const { rows } = await db().query("select leaf from audit_inbox where leaf like $1", [`%"brokerId":"${brokerId}"%`]);
  return rows.map(({ leaf }) => JSON.parse(leaf) as Arrived).sort((a, b) => (a.id < b.id ? -1 : 1));
}
const groupsArrived = async () => (await arrived()).filter(({ kind }) => kind === "group.added").map(({ id }) => id);
const alarmsArrived = async () => (await arrived()).filter(({ kind }) => kind === "alarm.raised");

async function until(condition: () => Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("it did not happen in time");
    await sleep(20);
  }
}

describe("the shipper", () => {
  it("brings every record to the store once, in order, and removes shipped segments", async () => {
    const { journal, shipper } = start();
    const ids = append(journal, 1_000);
    expect(readdirSync(join(dir, brokerId)).length).toBeGreaterThan(5);
    await until(async () => (await groupsArrived()).length === 1_000);
    expect(await groupsArrived()).toEqual(ids);
    await until(async () => journal.segments().length === 1);
    expect(shipper?.health()).toMatchObject({ sequence: 1_001, shipped: 1_001, fault: null, storeError: null });
  });

  it("ships what earlier starts left before its own", async () => {
    const first = start({ ship: false });
    const left = append(first.journal, 100);
    await stop(first);
    const { journal } = start();
    const fresh = append(journal, 50);
    await until(async () => (await groupsArrived()).length === 150);
    expect(await groupsArrived()).toEqual([...left, ...fresh]);
    const { rows } = await db().query(
      "select start, sequence::int from journal_position where broker_id = $1 order by start",
      [brokerId],
    );
    expect(rows).toEqual([
      { start: first.journal.start, sequence: 101 },
      { start: journal.start, sequence: 51 },
    ]);
  });

  it("loses nothing and repeats nothing while its connections are cut again and again", async () => {
    const { journal } = start();
    const ids: string[] = [];
    for (let round = 0; round < 15; round++) {
      ids.push(...append(journal, 60));
      await store.asSuperuser(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'countersign'",
      );
      await sleep(30);
    }
    await until(async () => (await groupsArrived()).length >= ids.length, 20_000);
    expect(await groupsArrived()).toEqual(ids);
  });

  it("keeps everything while the store cannot be reached, says so, and goes on when it can", async () => {
    const { journal, shipper } = start();
    await until(async () => shipper?.health().shipped === 1);
    await store.asSuperuser("alter table audit_inbox rename to audit_inbox_away");
    const ids = append(journal, 300);
    await until(async () => shipper?.health().storeError !== null);
    expect(shipper?.health().behindMs).toBeGreaterThan(0);
    expect(journal.segments().length).toBeGreaterThan(1);
    await store.asSuperuser("alter table audit_inbox_away rename to audit_inbox");
    await until(async () => (await groupsArrived()).length === 300);
    expect(await groupsArrived()).toEqual(ids);
    await until(async () => shipper?.health().storeError === null && shipper.health().behindMs === 0);
  });

  it("passes a record whose content the store refuses, with an alarm in its place", async () => {
    const { journal } = start({ ship: false });
    const before = append(journal, 7);
    const poison = journal.newId();
    journal.appendLeaf(poison, JSON.stringify({ id: poison, kind: "group.added", brokerId, pad: "x".repeat(70_000) }));
    const after = append(journal, 7);
    const shipper = shipJournal(journal);
    running.push({ journal, shipper });
    await until(async () => (await groupsArrived()).length === 14);
    expect(await groupsArrived()).toEqual([...before, ...after]);
    expect(await alarmsArrived()).toMatchObject([{ alarm: "leaf-refused" }]);
  });

  it("tells of a gap where a segment is missing", async () => {
    const first = start({ ship: false });
    append(first.journal, 300);
    await stop(first);
    const segments = first.journal.segments();
    rmSync(segments[1]!.path);
    start();
    await until(async () => (await alarmsArrived()).length > 0);
    expect(await alarmsArrived()).toMatchObject([
      {
        alarm: "journal-gap",
        message: expect.stringContaining(`records ${segments[1]!.first} to ${segments[2]!.first - 1}`),
      },
    ]);
  });

  it("sets a damaged segment aside, tells of it and of the gap, and ships the rest", async () => {
    const first = start({ ship: false });
    append(first.journal, 300);
    await stop(first);
    const { path } = first.journal.segments()[1]!;
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = bytes[bytes.length >> 1]! ^ 1;
    writeFileSync(path, bytes);
    const { journal } = start();
    const last = append(journal, 1);
    await until(async () => (await groupsArrived()).includes(last[0]!));
    expect((await alarmsArrived()).map(({ alarm }) => alarm)).toEqual(["journal-damaged", "journal-gap"]);
    expect(readdirSync(join(dir, brokerId)).filter((name) => name.endsWith(".damaged"))).toHaveLength(1);
    expect((await groupsArrived()).length).toBeGreaterThan(200);
  });

  it("takes a torn last record for what it is: never acknowledged", async () => {
    const first = start({ ship: false });
    const ids = append(first.journal, 10);
    await stop(first);
    const { path, bytes } = first.journal.segments().at(-1)!;
    truncateSync(path, bytes - 5);
    start();
    await until(async () => (await groupsArrived()).length === 9);
    await sleep(100);
    expect(await groupsArrived()).toEqual(ids.slice(0, 9));
    expect(await alarmsArrived()).toEqual([]);
  });

  it("ships nothing under the name of a broker that somebody else uses", async () => {
    const { journal } = start({ ship: false });
    await store.asOwner("insert into journal_position (broker_id, start, sequence) values ($1, $2, 99)", [
      brokerId,
      journal.start,
    ]);
    append(journal, 3);
    const shipper = shipJournal(journal);
    running.push({ journal, shipper });
    await until(async () => shipper.health().storeError !== null);
    expect(shipper.health().storeError).toMatch(/another broker/);
    expect(await groupsArrived()).toEqual([]);
  });

  it("waits for a store that is not there at its start", async () => {
    const down = new URL(store.applicationUrl);
    down.port = "1";
    const { closeDb } = await import("@/lib/db");
    await closeDb();
    changeEnv({ DATABASE_URL: down.href });
    const { journal, shipper } = start();
    const ids = append(journal, 20);
    await until(async () => shipper?.health().storeError !== null);
    await closeDb();
    changeEnv({ DATABASE_URL: store.applicationUrl });
    await until(async () => (await groupsArrived()).length === 20);
    expect(await groupsArrived()).toEqual(ids);
  });
});

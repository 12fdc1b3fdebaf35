import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { leafHash } from "@/lib/audit/merkle";
import { withTransaction } from "@/lib/db";
import { appendAudit, newEventId } from "./audit";
import { CheckpointKeeper, type CheckpointResult } from "./audit-checkpoint";
import { ensureLogKey, readLogKey, readLogVerifiers } from "./audit-key";
import { listAudit, readTimeline } from "./audit-list";
import { verifyStore } from "./audit-verify";
import { lockSequencer, logSize, sequenceOnce } from "./sequencer";

let store: TestStore;
let client: pg.Client;
let home: string;

beforeAll(async () => {
  store = await testStore();
  client = new pg.Client({ connectionString: store.ownerUrl });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await store?.stop();
});
beforeEach(async () => {
  // Only the server's superuser gets past the triggers, as a host administrator would.
  await asAdministrator("truncate audit_event, audit_inbox, audit_checkpoint");
  home = await mkdtemp(join(tmpdir(), "countersign-log-"));
  await ensureLogKey(home);
  return () => rm(home, { recursive: true, force: true });
});

/** Changes the log behind its back: triggers off, which takes a superuser. */
const asAdministrator = (sql: string) =>
  store.asSuperuser(`set session_replication_role = replica; ${sql}; reset session_replication_role`);

const addGroup = (group: string) =>
  withTransaction((tx) => appendAudit(tx, { kind: "group.added", actor: "system/test", group, source: "local" }));

async function fill(events: number, prefix = "g"): Promise<void> {
  await withTransaction(async (tx) => {
    for (let at = 0; at < events; at++) {
      await appendAudit(tx, { kind: "group.added", actor: "system/test", group: `${prefix}${at}`, source: "local" });
    }
  });
  while ((await sequenceOnce(client)).taken > 0);
}

async function checkpoint(keeper = new CheckpointKeeper(), now = new Date()): Promise<CheckpointResult> {
  const [signer, verifiers] = [await readLogKey(home), await readLogVerifiers(home)];
  return keeper.checkpoint({ client, home, signer, verifiers, now });
}

const groupsInOrder = async () =>
  (await listAudit({ limit: 500 })).events.reverse().map(({ leaf }) => JSON.parse(leaf).group);

describe("the sequencer", () => {
  it("gives committed events contiguous positions in the order they were written", async () => {
    await fill(120);
    expect(await groupsInOrder()).toEqual(Array.from({ length: 120 }, (_, at) => `g${at}`));
    const { rows } = await client.query("select position::int, leaf, leaf_hash from audit_event order by position");
    expect(rows.map((row) => row.position)).toEqual(Array.from({ length: 120 }, (_, at) => at));
    for (const row of rows) expect(leafHash(row.leaf).equals(row.leaf_hash)).toBe(true);
    expect((await client.query("select from audit_inbox")).rowCount).toBe(0);
  });

  it("takes what commits late later, and never what is rolled back", async () => {
    const late = new pg.Client({ connectionString: store.applicationUrl });
    await late.connect();
    await late.query("begin");
    const id = newEventId();
    const leaf = `{"actor":"system/test","at":"2026-01-02T03:04:05.678Z","group":"late","id":"${id}","kind":"group.added"}`;
    await late.query("insert into audit_inbox (id, leaf) values ($1, $2)", [id, leaf]);
    await addGroup("early");
    await expect(
      withTransaction(async (tx) => {
        await appendAudit(tx, { kind: "group.added", actor: "system/test", group: "never", source: "local" });
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await sequenceOnce(client)).toEqual({ taken: 1, last: 0n });
    await late.query("commit");
    await late.end();
    expect(await sequenceOnce(client)).toEqual({ taken: 1, last: 1n });
    expect(await groupsInOrder()).toEqual(["early", "late"]);
  });

  it.each([
    ["no JSON", "not json"],
    [
      "an impossible time",
      '{"id":"0190d0a0-0000-7000-8000-000000000001","kind":"a.b","at":"2026-99-99T99:99:99.999Z"}',
    ],
    [
      "values of other types",
      `{"id":"0190d0a0-0000-7000-8000-000000000001","kind":"a.b","at":"2026-01-02T03:04:05.678Z","rows":-1,"approvalId":9e99,"policies":[1],"actor":"x\\u0000","durationMs":1e400}`,
    ],
    [
      "a huge actor",
      JSON.stringify({ id: newEventId(), kind: "a.b", at: "2026-01-02T03:04:05.678Z", actor: "x".repeat(50_000) }),
    ],
  ])("is not stopped by a leaf with %s, which stays verifiable", async (_, leaf) => {
    await client.query("insert into audit_inbox (id, leaf) values ($1, $2)", [newEventId(), leaf]);
    await fill(2);
    expect(await logSize(client)).toBe(3n);
    await checkpoint();
    expect(await verifyStore({ home })).toMatchObject({ status: "intact", size: 3, signedSize: 3, waiting: 0 });
  });

  it("makes partitions ahead of need, with triggers of their own", async () => {
    await client.query("select audit_ensure_partition(9000000)");
    const { rows } = await client.query("select tgname from pg_trigger where tgname like 'audit_event_00002%'");
    expect(rows).toHaveLength(1);
    await expect(client.query("truncate audit_event_00002")).rejects.toThrow(/append-only/);
    await expect(client.query("delete from audit_event")).resolves.toBeDefined();
    await fill(1);
    await expect(client.query("delete from audit_event")).rejects.toThrow(/append-only/);
  });

  it("is alone", async () => {
    expect(await lockSequencer(client)).toBe(true);
    const other = new pg.Client({ connectionString: store.ownerUrl });
    await other.connect();
    expect(await lockSequencer(other)).toBe(false);
    await other.end();
  });

  it("moves 20,000 events at more than 4,000 a second", async () => {
    await client.query(`insert into audit_inbox (id, leaf) select i, json_build_object('actor', 'agent/reporting', 'at',
      '2026-01-02T03:04:05.678Z', 'id', i, 'kind', 'statement.opened', 'statement', repeat('x', 900))::text
      from (select gen_random_uuid() as i from generate_series(1, 20000)) ids`);
    const begun = performance.now();
    while ((await sequenceOnce(client)).taken > 0);
    expect(20_000 / ((performance.now() - begun) / 1_000)).toBeGreaterThan(4_000);
  });
});

describe("checkpoints", () => {
  it("are signed when the log grew, daily when it did not, and kept outside of the database", async () => {
    const keeper = new CheckpointKeeper();
    const day = new Date("2026-01-02T10:00:00.000Z");
    await fill(5);
    expect(await checkpoint(keeper, day)).toMatchObject({ status: "signed", size: 5 });
    expect(await checkpoint(keeper, day)).toMatchObject({ status: "current", size: 5 });
    expect(await checkpoint(keeper, new Date("2026-01-03T00:00:01.000Z"))).toMatchObject({ status: "signed", size: 5 });
    await fill(3);
    expect(await checkpoint(new CheckpointKeeper(), day)).toMatchObject({ status: "signed", size: 8 });
    expect(await readdir(join(home, "checkpoints"))).toEqual(["2026-01-02.jsonl", "2026-01-03.jsonl"]);
    expect(await verifyStore({ home })).toMatchObject({ status: "intact", size: 8, signedSize: 8, checkpoints: 2 });
  });

  it("survive a line that a crash cut off", async () => {
    await fill(4);
    const day = new Date("2026-01-02T10:00:00.000Z");
    await checkpoint(undefined, day);
    const path = join(home, "checkpoints", "2026-01-02.jsonl");
    await writeFile(path, `${await readFile(path, "utf8")}{"at":"2026-01-02T1`);
    await fill(1, "h");
    expect(await checkpoint(undefined, day)).toMatchObject({ status: "signed", size: 5 });
  });

  it.each([
    ["a restored backup", "delete from audit_event where position >= 4", "log-smaller"],
    ["a deleted event", "delete from audit_event where position = 3", "log-different"],
    ["a replaced hash", "update audit_event set leaf_hash = sha256('x') where position = 3", "log-different"],
    ["an emptied log and checkpoint table", "truncate audit_event, audit_checkpoint", "log-smaller"],
  ])("are refused after %s, by the running keeper's successor", async (_, tampering, alarm) => {
    await fill(8);
    await checkpoint();
    await asAdministrator(tampering);
    expect(await checkpoint()).toMatchObject({ status: "refused", alarm });
  });

  it("are refused for another log that grew past the signed one", async () => {
    const keeper = new CheckpointKeeper();
    await fill(4);
    await checkpoint(keeper);
    await asAdministrator("truncate audit_event, audit_checkpoint");
    await fill(9, "other");
    expect(await checkpoint(keeper)).toMatchObject({ status: "refused", alarm: "log-different" });
    expect(await checkpoint()).toMatchObject({ status: "refused", alarm: "log-different" });
  });

  it("are refused on top of one that the log's key did not sign", async () => {
    await fill(4);
    await checkpoint();
    await rm(join(home, "keys"), { recursive: true });
    await ensureLogKey(home);
    expect(await checkpoint()).toMatchObject({ status: "refused", alarm: "log-different" });
  });
});

describe("verifyStore", () => {
  it.each([
    [
      "a flipped character",
      "update audit_event set leaf = replace(leaf, 'g3', 'h3') where position = 3",
      "leaf-changed",
    ],
    ["a changed column", "update audit_event set actor = 'person/eve' where position = 3", "column-changed"],
    ["a deleted event", "delete from audit_event where position = 3", "missing"],
    [
      "two swapped events",
      "update audit_event set position = 100 - position where position in (3, 4); update audit_event set position = position - 93 where position > 90",
      "root-differs",
    ],
    ["a truncated log", "delete from audit_event where position >= 3", "truncated"],
    [
      "a rewritten event",
      "update audit_event set leaf = replace(leaf, 'g3', 'h3'), leaf_hash = sha256('\\x00'::bytea || convert_to(replace(leaf, 'g3', 'h3'), 'UTF8')) where position = 3",
      "root-differs",
    ],
  ])("names %s", async (_, tampering, fault) => {
    await fill(8);
    await checkpoint();
    await asAdministrator(tampering);
    const report = await verifyStore({ home });
    expect(report).toMatchObject({ status: "broken", fault, position: fault === "root-differs" ? 0 : 3 });
  });
});

describe("the audit list", () => {
  it("narrows by every filter and pages by position", async () => {
    await fill(5);
    await withTransaction((tx) =>
      appendAudit(tx, { kind: "group.removed", actor: "person/ada@example.org", group: "100%_g" }),
    );
    await sequenceOnce(client);
    const kinds = async (filters: Parameters<typeof listAudit>[0]) =>
      (await listAudit(filters)).events.map((e) => e.kind);
    expect(await kinds({ filters: { actor: "person/ada@example.org" } })).toEqual(["group.removed"]);
    expect(await kinds({ filters: { kinds: ["group.removed"], area: "group" } })).toEqual(["group.removed"]);
    expect(await kinds({ filters: { text: "100%_G" } })).toEqual(["group.removed"]);
    expect(await kinds({ filters: { text: "g% nothing" } })).toEqual([]);
    expect(await kinds({ filters: { from: new Date(0), to: new Date(1) } })).toEqual([]);
    expect(await kinds({ filters: { policy: "x'); drop table audit_event; --" } })).toEqual([]);
    const first = await listAudit({ limit: 4 });
    const second = await listAudit({ limit: 4, before: first.before });
    expect([...first.events, ...second.events].map((event) => event.position)).toEqual(["5", "4", "3", "2", "1", "0"]);
    expect(second.before).toBeNull();
  });

  it("tells the whole story of an approval from either end", async () => {
    const entryId = newEventId();
    const approval = { approvalId: 7, version: 1, principal: "agent/a", database: "shop" };
    await withTransaction(async (tx) => {
      await appendAudit(tx, { kind: "approval.withdrawn", actor: "agent/a", ...approval, entryId });
      await appendAudit(tx, { kind: "approval.lapsed", actor: "system/test", ...approval });
    });
    await sequenceOnce(client);
    const kinds = ["approval.withdrawn", "approval.lapsed"];
    expect((await readTimeline({ approvalId: 7 })).map((event) => event.kind)).toEqual(kinds);
    expect((await readTimeline({ entryId })).map((event) => event.kind)).toEqual(kinds);
  });
});

import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import type { AuditEventInput } from "@/lib/audit/event";
import { withTransaction } from "@/lib/db";
import { appendAudit } from "./audit";
import { type OverviewPeriod, readOverview } from "./overview";
import { readHealth } from "./overview-health";
import { readLogState, readShellState } from "./overview-shell";
import { sequenceOnce } from "./sequencer";

let store: TestStore;
let owner: pg.Client;
const day = { from: new Date("2025-11-22T00:00:00Z"), to: new Date("2025-11-23T00:00:00Z"), bucketSeconds: 6 * 3_600 };
const masking = `
labels:
  - { id: pii.email, columns: ["*.*.*.email"] }
rules:
  - { id: mask-email, match: { label: pii.email }, mask: email }
`;

function statement(kind: "opened" | "refused", entryId: string, change: Record<string, unknown>): AuditEventInput {
  const rest = kind === "refused" ? { sqlstate: "42501", message: "no" } : {};
  return {
    kind: `statement.${kind}`,
    at: "2025-11-22T07:00:00.000Z",
    actor: "agent/a",
    sessionId: randomUUID(),
    brokerId: "b",
    database: "shop",
    application: "psql",
    address: "127.0.0.1",
    statement: "SELECT 1",
    fingerprint: "f",
    statementKind: "select",
    tables: [],
    columns: [],
    labels: [],
    decision: "allow",
    policies: ["p"],
    requests: [],
    bundleVersion: 1,
    snapshotVersion: "1",
    masked: [],
    inTransaction: false,
    entryId,
    ...rest,
    ...change,
  } as AuditEventInput;
}

const email = { columns: ["shop.public.customers.email"], labels: ["pii.email"] };
const hidden = { ...email, masked: [{ column: "shop.public.customers.email", rule: "mask-email" }] };

beforeAll(async () => {
  store = await testStore();
  owner = new pg.Client({ connectionString: store.ownerUrl });
  await owner.connect();
  await store.asOwner("insert into bundle (files, status, activated_at) values ($1, 'active', now())", [
    JSON.stringify({ "masking.yaml": masking }),
  ]);
  const held = randomUUID();
  const events = [
    statement("opened", randomUUID(), hidden),
    statement("opened", randomUUID(), { ...hidden, at: "2025-11-22T13:00:00.000Z" }),
    statement("opened", randomUUID(), { ...email, actor: "person/ann@example.com" }),
    statement("opened", randomUUID(), { ...hidden, statementKind: "delete" }),
    statement("refused", randomUUID(), { decision: "deny", policies: ["read-only", "no-ddl"] }),
    statement("opened", held, { decision: "hold", policies: ["hold-deletes"] }),
    statement("refused", held, { decision: "hold", policies: ["hold-deletes"], sqlstate: "ZS002" }),
    statement("opened", randomUUID(), { at: "2025-11-23T00:00:00.000Z" }),
  ];
  for (const event of events) await withTransaction((tx) => appendAudit(tx, event));
  while ((await sequenceOnce(owner)).taken > 0);
});
afterAll(async () => {
  await owner?.end();
  await store?.stop();
});

const read = (period: OverviewPeriod = day, actors: string[] | null = null) => readOverview(period, { actors });

describe("readOverview", () => {
  it("counts each statement once, in its bucket of the half-open period", async () => {
    expect((await read()).buckets).toEqual([
      { at: "2025-11-22T00:00:00.000Z", allow: 0, hold: 0, deny: 0 },
      { at: "2025-11-22T06:00:00.000Z", allow: 3, hold: 1, deny: 1 },
      { at: "2025-11-22T12:00:00.000Z", allow: 1, hold: 0, deny: 0 },
      { at: "2025-11-22T18:00:00.000Z", allow: 0, hold: 0, deny: 0 },
    ]);
  });

  it("names every policy that stopped something", async () => {
    expect((await read()).policies.sort((a, b) => a.policy.localeCompare(b.policy))).toEqual([
      { policy: "hold-deletes", hold: 1, deny: 0 },
      { policy: "no-ddl", hold: 0, deny: 1 },
      { policy: "read-only", hold: 0, deny: 1 },
    ]);
  });

  it("tells reads of a sensitive label that were masked from those in clear, and leaves writes out", async () => {
    expect((await read()).labels).toEqual([{ label: "pii.email", masked: 2, clear: 1 }]);
  });

  it("can be about some principals only", async () => {
    const overview = await read(day, ["person/ann@example.com"]);
    expect(overview.principals).toEqual([{ actor: "person/ann@example.com", statements: 1, hold: 0, deny: 0 }]);
    expect(overview.labels).toEqual([{ label: "pii.email", masked: 0, clear: 1 }]);
  });

  it("is empty for a period without statements", async () => {
    const { buckets, ...rest } = await read({ ...day, from: new Date("2025-01-01"), to: new Date("2025-01-02") });
    expect(buckets.every(({ allow, hold, deny }) => allow + hold + deny === 0)).toBe(true);
    expect(rest).toEqual({
      policies: [],
      principals: [],
      labels: [],
      requests: { approved: 0, denied: 0, expired: 0, medianSeconds: null },
    });
  });
});

describe("the state of the log", () => {
  it("is behind when it was never signed and its events are old", async () => {
    expect(await readLogState()).toMatchObject({ status: "behind", size: "8", verifiedAt: null });
  });

  it("is verified once the signed head covers it", async () => {
    await owner.query("insert into audit_checkpoint (size, root_hash, note) values (8, sha256('x'), 'note')");
    expect(await readLogState()).toMatchObject({ status: "verified", message: null });
  });

  it("is an alarm until the alarm is cleared, and says what is wrong", async () => {
    const alarm = { actor: "system/workers", alarm: "log-smaller" as const, subject: "log" };
    await withTransaction((tx) => appendAudit(tx, { kind: "alarm.raised", ...alarm, message: "the log shrank" }));
    await sequenceOnce(owner);
    expect(await readLogState()).toMatchObject({ status: "alarm", message: "the log shrank" });
    await withTransaction((tx) => appendAudit(tx, { kind: "alarm.cleared", ...alarm }));
    await sequenceOnce(owner);
    expect((await readLogState()).status).toBe("verified");
  });

  it("stands on every page beside the number of requests that wait", async () => {
    expect(await readShellState({ email: "a@b.c", groups: ["security"] })).toMatchObject({ approvals: 0 });
  });
});

describe("readHealth", () => {
  it("tells who is silent and who is behind, and forgives a change that is seconds old", async () => {
    await store.asOwner(
      `insert into heartbeat (id, at, snapshot_version) values ('broker/a', now(), 1), ('broker/b', now() - interval '1 minute', 1),
         ('workers/a', now(), null)`,
    );
    await store.asOwner("update snapshot_version set version = 2, changed_at = now()");
    expect((await readHealth()).processes.map(({ id, alive, current }) => [id, alive, current])).toEqual([
      ["broker/a", true, true],
      ["broker/b", false, true],
      ["workers/a", true, null],
    ]);
    await store.asOwner("update snapshot_version set changed_at = now() - interval '1 minute'");
    expect((await readHealth()).processes[0]?.current).toBe(false);
  });
});

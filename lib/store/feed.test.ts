import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import type { AuditEventInput, AuditEventOf } from "@/lib/audit/event";
import { parseFilter } from "@/lib/audit/parse-filter";
import { withTransaction } from "@/lib/db";
import { appendAudit } from "./audit";
import { readFeedBatch, readFeedPage, readFeedRow, readLastPosition } from "./feed";
import { readFeedFacets } from "./feed-facets";
import { sequenceOnce } from "./sequencer";

let store: TestStore;
let owner: pg.Client;
const everything = parseFilter("");

type Opened = AuditEventOf<"statement.opened">;
type Change = Partial<Omit<Opened, "kind" | "id">>;

const session = {
  sessionId: randomUUID(),
  brokerId: "broker-1",
  database: "shop",
  owner: "erin@example.com",
  application: "psql",
  address: "127.0.0.1",
};
const plan = {
  actor: "agent/reporting-agent",
  statement: "SELECT email FROM customers WHERE id = ?",
  fingerprint: "f00d",
  statementKind: "select",
  tables: ["shop.public.customers"],
  columns: ["shop.public.customers.email"],
  labels: ["pii.email"],
  decision: "allow" as const,
  policies: ["agents-read"],
  requests: [],
  bundleVersion: 1,
  snapshotVersion: "1",
  masked: [{ column: "shop.public.customers.email", rule: "mask-email" }],
  inTransaction: false,
};

async function write(events: AuditEventInput[]): Promise<void> {
  for (const event of events) await withTransaction((tx) => appendAudit(tx, event));
  while ((await sequenceOnce(owner)).taken > 0);
}

function opened(entryId: string, change: Change = {}): AuditEventInput {
  return { kind: "statement.opened", ...session, ...plan, entryId, ...change } as AuditEventInput;
}
function closed(entryId: string, outcome: "ok" | "error" = "ok", sqlstate?: string): AuditEventInput {
  const { sessionId, brokerId, database } = session;
  const { actor, fingerprint, statementKind, masked } = plan;
  const rest = { sessionId, brokerId, database, actor, fingerprint, statementKind, masked };
  const code = sqlstate === undefined ? {} : { sqlstate };
  return { kind: "statement.closed", ...rest, entryId, outcome, rows: 1, bytes: 9, durationMs: 2, ...code };
}
function refused(entryId: string, change: Change = {}): AuditEventInput {
  const why = { decision: "deny" as const, policies: ["read-only-agents"], sqlstate: "42501", message: "no" };
  return { kind: "statement.refused", ...session, ...plan, entryId, ...why, ...change } as AuditEventInput;
}

const ids = { read: randomUUID(), failed: randomUUID(), drop: randomUUID(), held: randomUUID() };

beforeAll(async () => {
  store = await testStore();
  owner = new pg.Client({ connectionString: store.ownerUrl });
  await owner.connect();
  const hold = {
    decision: "hold" as const,
    policies: ["hold-deletes"],
    labels: [],
    masked: [],
    statementKind: "delete",
  };
  const held = {
    ...hold,
    actor: "agent/maintenance-agent",
    statement: "DELETE FROM orders WHERE id = ?",
    tables: ["shop.public.orders"],
  };
  await write([
    opened(ids.read),
    closed(ids.read),
    opened(ids.failed, { actor: "person/ann@example.com", labels: [], masked: [] }),
    closed(ids.failed, "error", "40001"),
    refused(ids.drop, { statement: "DROP TABLE customers", statementKind: "drop", masked: [] }),
    opened(ids.held, held),
    { ...opened(ids.held, held), kind: "statement.held", approvalId: 42 } as AuditEventInput,
  ]);
});
afterAll(async () => {
  await owner?.end();
  await store?.stop();
});

const entriesOf = async (q: string) =>
  (await readFeedPage({ filter: parseFilter(q), before: null })).rows.map((row) => row.entryId);

describe("readFeedPage", () => {
  it("tells each statement once, newest first, in its state as of now", async () => {
    const { rows, before } = await readFeedPage({ filter: everything, before: null });
    expect(rows.map((row) => [row.entryId, row.decision, row.state])).toEqual([
      [ids.held, "hold", "waiting"],
      [ids.drop, "deny", "refused"],
      [ids.failed, "allow", "error"],
      [ids.read, "allow", "ok"],
    ]);
    expect(before).toBeNull();
  });

  it("pages by log position without losing or repeating a statement", async () => {
    const first = await readFeedPage({ filter: everything, before: null, limit: 3 });
    const second = await readFeedPage({ filter: everything, before: first.before, limit: 3 });
    expect([...first.rows, ...second.rows].map((row) => row.entryId)).toEqual(await entriesOf(""));
    expect(second.before).toBeNull();
  });

  it.each<[string, (keyof typeof ids)[]]>([
    ["agent:reporting", ["drop", "read"]],
    ["agent:reporting agent:maintenance", ["held", "drop", "read"]],
    ["-agent:reporting", ["held", "failed"]],
    ["person:ANN", ["failed"]],
    ["decision:hold decision:deny", ["held", "drop"]],
    ["database:shop", ["held", "drop", "failed", "read"]],
    ["-database:shop", []],
    ["policy:agents-read", ["failed", "read"]],
    ["label:pii", ["drop", "read"]],
    ["label:pii.email", ["drop", "read"]],
    ["label:pi", []],
    ["table:orders", ["held"]],
    ["table:shop.public.orders", ["held"]],
    ["kind:drop", ["drop"]],
    ["masked:yes", ["read"]],
    ["masked:no", ["held", "drop", "failed"]],
    ["outcome:ok", ["read"]],
    ["outcome:error", ["failed"]],
    ["outcome:refused", ["drop"]],
    ["outcome:running", ["held"]],
    ["request:42", ["held"]],
    ["request:x", []],
    ["sqlstate:40001", ["failed"]],
    ["fingerprint:f00d decision:deny", ["drop"]],
    ["from:2020-01-01", ["held", "drop", "failed", "read"]],
    ["to:2020-01-01", []],
    ["from:nonsense", []],
    ["area:statement", []],
    ["delete ORDERS", ["held"]],
    ["100%", []],
  ])("narrows by %s", async (q, names) => {
    expect(await entriesOf(q)).toEqual(names.map((name) => ids[name]));
  });
});

describe("readFeedBatch", () => {
  it("begins after a position and says how far it told", async () => {
    const after = await readLastPosition();
    expect(await readFeedBatch({ filter: everything, after })).toEqual({
      rows: [],
      position: after,
      last: true,
      skipped: 0,
    });
    const entryId = randomUUID();
    await write([opened(entryId)]);
    const batch = await readFeedBatch({ filter: everything, after });
    expect(batch.rows.map((row) => [row.entryId, row.state])).toEqual([[entryId, "running"]]);
    await write([closed(entryId)]);
    const next = await readFeedBatch({ filter: everything, after: batch.position });
    expect(next.rows.map((row) => [row.entryId, row.state])).toEqual([[entryId, "ok"]]);
  });

  it("moves on past what the filter leaves out", async () => {
    const after = await readLastPosition();
    await write([opened(randomUUID())]);
    const batch = await readFeedBatch({ filter: parseFilter("agent:nobody"), after });
    expect(batch.rows).toEqual([]);
    expect(batch.position).toBe(await readLastPosition());
  });
});

describe("one statement and its neighbours", () => {
  it("is found by its entry", async () => {
    expect((await readFeedRow(ids.held))?.approvalId).toBe(42);
    expect(await readFeedRow(randomUUID())).toBeNull();
  });

  it("is counted by each of its facets", async () => {
    const facets = await readFeedFacets({ filter: parseFilter("decision:deny decision:hold"), since: new Date(0) });
    expect(facets.decision).toEqual([
      { value: "deny", count: 1 },
      { value: "hold", count: 1 },
    ]);
    expect(facets.policy.map(({ value }) => value).sort()).toEqual(["hold-deletes", "read-only-agents"]);
    expect(facets.label).toEqual([{ value: "pii.email", count: 1 }]);
  });
});

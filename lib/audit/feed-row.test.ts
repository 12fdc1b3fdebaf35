import { describe, expect, it } from "vitest";
import { type FeedEvent, mergeFeedEvents } from "./feed-row";

const session = {
  actor: "agent/maintenance-agent",
  owner: "erin@example.com",
  database: "shop",
  sessionId: "s1",
  application: "psql",
  address: "127.0.0.1",
};
const plan = {
  statement: "DELETE FROM orders WHERE id = ?",
  statementKind: "delete",
  fingerprint: "f1",
  tables: ["shop.public.orders"],
  labels: [],
  policies: ["hold-deletes-in-production"],
  masked: [],
};

function event(position: number, fields: Record<string, unknown>): FeedEvent {
  return { position: String(position), leaf: JSON.stringify({ at: "2026-11-22T15:00:00.000Z", ...fields }) };
}
function opened(position: number, entryId: string, decision: string): FeedEvent {
  return event(position, { ...session, ...plan, kind: "statement.opened", entryId, decision });
}

describe("mergeFeedEvents", () => {
  it("tells a statement from its opening to its close", () => {
    const [row] = mergeFeedEvents([
      opened(1, "e1", "allow"),
      event(2, {
        kind: "statement.closed",
        entryId: "e1",
        outcome: "ok",
        rows: 7,
        bytes: 99,
        durationMs: 1.5,
        masked: [{ column: "c", rule: "r" }],
      }),
    ]);
    expect(row).toMatchObject({
      entryId: "e1",
      position: "1",
      positions: ["1", "2"],
      actor: "agent/maintenance-agent",
      owner: "erin@example.com",
      decision: "allow",
      state: "ok",
      rows: "7",
      durationMs: 1.5,
      masked: [{ column: "c", rule: "r" }],
    });
  });

  it("shows a running statement as running and a held one as waiting", () => {
    const rows = mergeFeedEvents([
      opened(1, "e1", "allow"),
      opened(2, "e2", "hold"),
      event(3, { ...session, ...plan, kind: "statement.held", entryId: "e2", decision: "hold", approvalId: 42 }),
    ]);
    expect(rows.map((row) => [row.entryId, row.state, row.decision, row.approvalId])).toEqual([
      ["e2", "waiting", "hold", 42],
      ["e1", "running", "allow", null],
    ]);
  });

  it("keeps a released statement a hold and says how long it waited", () => {
    const [row] = mergeFeedEvents([
      opened(1, "e1", "hold"),
      event(2, { ...plan, kind: "statement.held", entryId: "e1", decision: "hold", approvalId: 42 }),
      event(3, { ...plan, kind: "statement.released", entryId: "e1", decision: "allow", approvalId: 42, heldMs: 5000 }),
      event(4, { kind: "statement.closed", entryId: "e1", outcome: "ok", rows: "9007199254740993", durationMs: 5002 }),
    ]);
    expect(row).toMatchObject({
      decision: "hold",
      state: "ok",
      heldMs: 5000,
      durationMs: 2,
      rows: "9007199254740993",
      approvalId: 42,
    });
  });

  it("keeps a hold that ended without an approval a hold, and a denial a denial", () => {
    const rows = mergeFeedEvents([
      opened(1, "e1", "hold"),
      event(2, { ...plan, kind: "statement.held", entryId: "e1", decision: "hold", approvalId: 1 }),
      event(3, {
        ...plan,
        kind: "statement.refused",
        entryId: "e1",
        decision: "hold",
        sqlstate: "ZS002",
        message: "denied",
      }),
      event(4, {
        ...session,
        ...plan,
        kind: "statement.refused",
        entryId: "e2",
        decision: "deny",
        sqlstate: "42501",
        message: "no",
      }),
    ]);
    expect(rows.map((row) => [row.decision, row.state, row.sqlstate, row.message])).toEqual([
      ["deny", "refused", "42501", "no"],
      ["hold", "refused", "ZS002", "denied"],
    ]);
  });

  it("leaves out a close whose opening is not there, and events of no statement", () => {
    expect(
      mergeFeedEvents([
        event(1, { kind: "statement.closed", entryId: "e1", outcome: "ok" }),
        event(2, { kind: "person.added", actor: "system/cli" }),
      ]),
    ).toEqual([]);
  });

  it("orders by position as a number", () => {
    const rows = mergeFeedEvents([opened(9, "a", "allow"), opened(10, "b", "allow"), opened(100, "c", "allow")]);
    expect(rows.map((row) => row.entryId)).toEqual(["c", "b", "a"]);
  });
});

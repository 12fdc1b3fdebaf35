import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditEventSchema } from "./event";
import { eventIds } from "./event-id";
import { leafOf } from "./leaf";
import {
  closedLeaf,
  contextLeaf,
  openedLeaf,
  type PlanLeafFields,
  planLeaf,
  type SessionLeafFields,
  sessionLeaf,
} from "./statement-leaf";

const uuid = "0190d0a0-0000-7000-8000-00000000000a";
const at = "2026-01-02T03:04:05.678Z";
const context = {
  principalGroups: ["agents"],
  databaseLabels: { env: "production" },
  tls: true,
  breakGlass: false,
  time: { epochSeconds: 1, hour: 2, weekday: 3 },
  usage: { rowsLastHour: 4, statementsLastHour: 5 },
  grants: [],
  waived: [],
  statementsInBatch: 1,
};

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const anyList = fc.array(anyText, { maxLength: 4 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const anySession: fc.Arbitrary<SessionLeafFields> = fc.record({
  actor: anyText.map((name) => `agent/${name}x`),
  address: anyText,
  application: anyText,
  brokerId: anyText,
  database: anyText,
  onBehalfOf: maybe(anyText),
  owner: maybe(anyText),
  sessionId: fc.constant(uuid),
});
const anyPlan: fc.Arbitrary<PlanLeafFields> = fc.record({
  bundleVersion: fc.option(fc.nat()),
  columns: anyList,
  decision: fc.constantFrom("allow", "deny", "hold"),
  fingerprint: anyText,
  labels: anyList,
  masked: fc.array(fc.record({ column: anyText, rule: anyText }), { maxLength: 3 }),
  policies: anyList,
  reason: maybe(anyText),
  requests: fc.array(
    fc.record({
      action: anyText,
      resource: anyText,
      effect: fc.constantFrom("allow", "deny", "hold"),
      policies: anyList,
      hasWhere: maybe(fc.boolean()),
    }),
    { maxLength: 3 },
  ),
  snapshotVersion: anyText,
  statement: anyText,
  statementKind: anyText,
  tables: anyList,
});

describe("the prepared leaves", () => {
  it("equal leafOf for statement.opened", () => {
    fc.assert(
      fc.property(anySession, anyPlan, fc.boolean(), maybe(fc.nat()), (session, plan, inTransaction, approvalId) => {
        const call = { id: uuid, at, entryId: uuid, inTransaction, approvalId };
        const event = { kind: "statement.opened" as const, ...session, ...plan, ...call, context };
        const parts = { session: sessionLeaf(session), plan: planLeaf(plan), context: contextLeaf(context), call };
        expect(auditEventSchema.safeParse(event).success).toBe(true);
        expect(openedLeaf(parts)).toBe(leafOf(event));
        expect(openedLeaf({ ...parts, context: undefined })).toBe(leafOf({ ...event, context: undefined }));
      }),
    );
  });

  it("equal leafOf for statement.closed", () => {
    const anyCall = fc.record({
      rows: fc.nat(),
      bytes: fc.nat(),
      durationMs: fc.nat({ max: 10_000_000 }).map((us) => us / 1_000),
      outcome: fc.constantFrom("ok", "error", "cancelled", "unknown"),
      sqlstate: maybe(anyText),
      approvalId: maybe(fc.nat()),
    });
    fc.assert(
      fc.property(anySession, anyPlan, anyCall, (session, plan, fields) => {
        const call = { id: uuid, at, entryId: uuid, ...fields };
        const { actor, sessionId, brokerId, database } = session;
        const { fingerprint, statementKind, masked } = plan;
        const head = { kind: "statement.closed" as const, actor, sessionId, brokerId, database };
        const event = { ...head, fingerprint, statementKind, masked, ...call };
        expect(auditEventSchema.safeParse(event).success).toBe(true);
        expect(closedLeaf({ session: sessionLeaf(session), plan: planLeaf(plan), call })).toBe(leafOf(event));
      }),
    );
  });

  it("fall back to leafOf, with its cuts, when a plan is long", () => {
    const [session] = fc.sample(anySession, 1);
    const [plan] = fc.sample(anyPlan, 1);
    const long = { ...plan!, statement: "x".repeat(100_000), columns: Array.from({ length: 9_000 }, () => "a.b.c.d") };
    const call = { id: uuid, at, entryId: uuid, inTransaction: false };
    const parts = { session: sessionLeaf(session!), plan: planLeaf(long), context: contextLeaf(context), call };
    expect(openedLeaf(parts)).toBe(leafOf({ kind: "statement.opened", ...session, ...long, ...call, context }));
  });
});

describe("event ids", () => {
  it("grow as text even when the clock stands still, overflows a millisecond or jumps back", () => {
    let ms = 1_750_000_000_000;
    const next = eventIds({ now: () => ms, randomBytes: (length) => new Uint8Array(length).fill(0xab) });
    const ids: string[] = [];
    for (let at = 0; at < 10_000; at++) ids.push(next());
    ms -= 60_000;
    ids.push(next());
    ms += 120_000;
    ids.push(next());
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

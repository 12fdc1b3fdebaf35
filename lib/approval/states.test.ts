import { describe, expect, it } from "vitest";
import { expiresAt, lapsesAt, nudgeTimes } from "./expiry";
import { isUsable, mayBecome, type StoredState, statusAt, useMayBecome } from "./states";
import type { ApprovalStatus, ApprovalUse } from "./types";

const start = new Date("2026-01-01T12:00:00.000Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const pending: StoredState = { status: "pending", use: null, expiresAt: at(60), lapsesAt: null };
const approved: StoredState = { status: "approved", use: "unused", expiresAt: at(60), lapsesAt: at(120) };

describe("statusAt", () => {
  it.each<[string, StoredState, Date, { status: ApprovalStatus; use: ApprovalUse | null }]>([
    ["pending before its time", pending, at(59.999), { status: "pending", use: null }],
    ["expired the moment its time passes", pending, at(60), { status: "expired", use: null }],
    ["approved and unused", approved, at(119.999), { status: "approved", use: "unused" }],
    ["lapsed the moment its time passes", approved, at(120), { status: "approved", use: "lapsed" }],
    [
      "lapsed where nobody said until when",
      { ...approved, lapsesAt: null },
      at(0),
      { status: "approved", use: "lapsed" },
    ],
    ["used for ever", { ...approved, use: "used" }, at(999), { status: "approved", use: "used" }],
    ["revoked for ever", { ...approved, use: "revoked" }, at(0), { status: "approved", use: "revoked" }],
    ["denied for ever", { ...pending, status: "denied" }, at(999), { status: "denied", use: null }],
    ["withdrawn for ever", { ...pending, status: "withdrawn" }, at(999), { status: "withdrawn", use: null }],
  ])("is %s", (_, stored, now, expected) => {
    expect(statusAt(stored, now)).toEqual(expected);
    expect(isUsable(stored, now)).toBe(expected.use === "unused");
  });
});

describe("mayBecome", () => {
  const all: ApprovalStatus[] = ["pending", "approved", "denied", "expired", "withdrawn", "superseded"];
  it.each<[ApprovalStatus, ApprovalUse | null, ApprovalStatus[]]>([
    ["pending", null, ["approved", "denied", "expired", "withdrawn", "superseded"]],
    ["approved", "unused", ["superseded"]],
    ["approved", "used", []],
    ["approved", "lapsed", []],
    ["denied", null, []],
    ["expired", null, []],
    ["withdrawn", null, []],
    ["superseded", null, []],
  ])("%s (%s) may become %j", (status, use, allowed) => {
    expect(all.filter((to) => mayBecome({ status, use }, to))).toEqual(allowed);
  });
});

describe("useMayBecome", () => {
  const all: ApprovalUse[] = ["unused", "used", "lapsed", "revoked"];
  it.each<[ApprovalUse, ApprovalUse[]]>([
    ["unused", ["used", "lapsed", "revoked"]],
    ["used", []],
    ["lapsed", []],
    ["revoked", []],
  ])("%s may become %j", (from, allowed) => {
    expect(all.filter((to) => useMayBecome(from, to))).toEqual(allowed);
  });
});

describe("times", () => {
  it("end a request after its @expires", () => {
    expect(expiresAt(start, { expiresSeconds: 1800 })).toEqual(at(1800));
  });

  it("end an unused approval after half an hour or its @lasts", () => {
    expect(lapsesAt(start, { lasts: "once" })).toEqual(at(1800));
    expect(lapsesAt(start, { lasts: 14_400 })).toEqual(at(14_400));
  });

  it("nudge at a quarter, half and three quarters", () => {
    expect(nudgeTimes(start, at(100))).toEqual({ reminders: [at(25), at(75)], escalation: at(50) });
  });
});

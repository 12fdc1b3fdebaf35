import { describe, expect, it } from "vitest";
import { auditKinds } from "@/lib/audit/event";
import { describeEvent } from "./describe-event";

describe("describeEvent", () => {
  it.each(auditKinds.filter((kind) => !kind.startsWith("statement.")))(
    "has words for %s, whatever fields are missing",
    (kind) => {
      const words = describeEvent(kind, "{}");
      expect(words).not.toBe("");
      expect(words).not.toContain("[object");
    },
  );

  it.each([
    ["approval.reviewed", { approvalId: 42, vote: "deny", reason: "not now" }, "voted to deny request 42: not now"],
    ["person.added", { person: "a@b.c", role: "auditor" }, "added a@b.c as auditor"],
    ["statement.closed", { outcome: "ok", rows: 7, durationMs: 1.5 }, "done: 7 rows in 1.5 ms"],
    ["statement.closed", { outcome: "error", sqlstate: "40001", durationMs: 2 }, "error 40001 after 2.0 ms"],
  ])("says of %s: %j", (kind, fields, words) => {
    expect(describeEvent(kind, JSON.stringify(fields))).toBe(words);
  });

  it("leaves statements and unknown kinds to their text", () => {
    expect(describeEvent("statement.opened", "{}")).toBe("");
    expect(describeEvent("something.new", "{}")).toBe("");
  });
});

import { describe, expect, it } from "vitest";
import { changeKept, noKeptSettings, showKept } from "./kept-settings";

const none = noKeptSettings();

describe("changeKept", () => {
  it.each([
    ["countersign.reason", " why ", { reason: "why" }],
    ["countersign.reason", null, { reason: null }],
    ["countersign.purpose", "support", { purpose: "support" }],
    ["countersign.on_behalf_of", "A@B.c", { onBehalfOf: "a@b.c" }],
    ["countersign.wait", "0", { waitSeconds: 0 }],
    ["countersign.wait", "30s", { waitSeconds: 30 }],
    ["countersign.wait", null, { waitSeconds: null }],
    ["countersign.break_glass", "off", { breakGlass: false }],
  ])("takes %s = %s", (name, value, change) => {
    expect(changeKept(none, name, value)).toEqual({ ok: true, kept: { ...none, ...change } });
  });

  it.each([
    ["countersign.on_behalf_of", "nobody"],
    ["countersign.wait", "-1"],
    ["countersign.wait", "1.5"],
    ["countersign.wait", "soon"],
    ["countersign.break_glass", "maybe"],
    ["countersign.token_key", "x"],
    ["countersign.reason", "x".repeat(1_001)],
  ])("refuses %s = %s", (name, value) => {
    expect(changeKept(none, name, value).ok).toBe(false);
  });

  it("breaks the glass only for a reason of 20 characters", () => {
    expect(changeKept({ ...none, reason: "x".repeat(19) }, "countersign.break_glass", "on").ok).toBe(false);
    const kept = { ...none, reason: "x".repeat(20) };
    expect(changeKept(kept, "countersign.break_glass", "on")).toEqual({
      ok: true,
      kept: { ...kept, breakGlass: true },
    });
  });

  it("shows every setting under its name", () => {
    expect(showKept({ ...none, waitSeconds: 5, breakGlass: true })).toEqual({
      "countersign.reason": "",
      "countersign.purpose": "",
      "countersign.on_behalf_of": "",
      "countersign.break_glass": "on",
      "countersign.wait": "5",
    });
  });
});

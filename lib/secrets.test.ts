import { describe, expect, it } from "vitest";

import { AppError } from "./errors";
import { generateKeyRing, type KeyRing, open, parseKeyRing, seal } from "./secrets";

function ringOf(value: string): KeyRing {
  const parsed = parseKeyRing(value);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.ring;
}

const first = generateKeyRing("k1");
const second = generateKeyRing("k2");

describe("seal and open", () => {
  it("opens what was sealed for the same purpose", () => {
    const ring = ringOf(first);
    const sealed = seal(ring, "postgres://u:pä@h/d", "upstream_database:1");
    expect(sealed.keyId).toBe("k1");
    expect(sealed.bytes.toString("latin1")).not.toContain("postgres");
    expect(open(ring, sealed, "upstream_database:1")).toBe("postgres://u:pä@h/d");
  });

  it("never makes the same bytes twice", () => {
    const ring = ringOf(first);
    expect(seal(ring, "x", "p").bytes.equals(seal(ring, "x", "p").bytes)).toBe(false);
  });

  it("opens old values after a new key was put first, and seals with the new one", () => {
    const old = seal(ringOf(first), "x", "p");
    const rotated = ringOf(`${second},${first}`);
    expect(open(rotated, old, "p")).toBe("x");
    expect(seal(rotated, "x", "p").keyId).toBe("k2");
  });

  it("refuses a value that was moved to another row", () => {
    const ring = ringOf(first);
    expect(() => open(ring, seal(ring, "x", "row:1"), "row:2")).toThrow(AppError);
  });

  it("refuses a value with any byte changed, cut short, or under an unknown key", () => {
    const ring = ringOf(first);
    const sealed = seal(ring, "secret", "p");
    for (let index = 0; index < sealed.bytes.length; index += 1) {
      const bytes = Buffer.from(sealed.bytes);
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      expect(() => open(ring, { ...sealed, bytes }, "p")).toThrow(AppError);
    }
    expect(() => open(ring, { ...sealed, bytes: sealed.bytes.subarray(0, 20) }, "p")).toThrow(AppError);
    expect(() => open(ringOf(second), sealed, "p")).toThrow(/no key named k1/);
  });
});

describe("parseKeyRing", () => {
  it.each([
    ["", /id:base64/],
    ["nokey", /id:base64/],
    ["k1:AAAA", /32 bytes/],
    [`${first},${first}`, /twice/],
    ["k 1:AAAA", /id:base64/],
  ])("refuses %s", (value, fault) => {
    const parsed = parseKeyRing(value);
    expect(parsed.ok ? "" : parsed.fault).toMatch(fault);
  });
});

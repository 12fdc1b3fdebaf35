import { describe, expect, it } from "vitest";
import { visible } from "./visible";

const cases: [string, string][] = [
  ["SELECT 1;\n\tSELECT 'é 日本 😀'", "SELECT 1;\n\tSELECT 'é 日本 😀'"],
  ["a\u202eb\u2066c", "a\\u{202e}b\\u{2066}c"],
  ["a\u0000\u001b[2J\r", "a\\u{0}\\u{1b}[2J\\u{d}"],
  ["zero\u200bwidth\ufeff\u00a0", "zero\\u{200b}width\\u{feff}\\u{a0}"],
  ["tag\u{e0041}", "tag\\u{e0041}"],
  ["\ud800", "\\u{d800}"],
];

describe("visible", () => {
  it.each(cases)("shows %j as %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

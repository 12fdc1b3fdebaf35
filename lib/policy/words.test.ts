import { describe, expect, it } from "vitest";
import { parseDuration } from "./durations";
import { didYouMean } from "./suggest";

describe("didYouMean", () => {
  it.each([
    ["hlod", ' (did you mean "hold"?)'],
    ["Hold", ' (did you mean "hold"?)'],
    ["quorom", ' (did you mean "quorum"?)'],
    ["expiry", ' (did you mean "expires"?)'],
    ["zebra", ""],
    ["", ""],
  ])("%s", (word, expected) => {
    expect(didYouMean(word, ["hold", "quorum", "expires"])).toBe(expected);
  });
});

describe("parseDuration", () => {
  it.each([
    ["120s", 120],
    ["30m", 1800],
    ["4h", 14_400],
    ["7d", 604_800],
    ["0s", 0],
    ["366d", 31_622_400],
    ["367d", null],
    ["30", null],
    ["m", null],
    ["1.5h", null],
    ["-1h", null],
    ["1h30m", null],
    [" 1h", null],
    ["99999999d", null],
  ])("%s", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });
});

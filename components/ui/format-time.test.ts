import { describe, expect, it } from "vitest";
import { formatClock, formatCount, formatDuration, formatRelative, formatUtc } from "./format-time";

const now = Date.UTC(2026, 10, 22, 15, 31, 4, 123);
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe("formatRelative", () => {
  it.each([
    [0, "just now"],
    [4 * second, "just now"],
    [42 * second, "42 s ago"],
    [60 * second, "1 min ago"],
    [59 * minute, "59 min ago"],
    [5 * hour, "5 h ago"],
    [30 * hour, "yesterday"],
    [6 * day, "6 days ago"],
    [20 * day, "2026-11-02"],
    [-2 * second, "in a moment"],
    [-12 * minute, "in 12 min"],
    [-30 * hour, "tomorrow"],
  ])("says how long ago %d ms is: %s", (age, words) => {
    expect(formatRelative(now - age, now)).toBe(words);
  });
});

describe("formatDuration", () => {
  it.each([
    [0.42, "0.4 ms"],
    [38.2, "38 ms"],
    [1234, "1.2 s"],
    [250_000, "4 min 10 s"],
    [240_000, "4 min"],
    [7_500_000, "2 h 5 min"],
    [3 * day, "3 days"],
  ])("writes %d ms as %s", (duration, words) => {
    expect(formatDuration(duration)).toBe(words);
  });
});

describe("exact times and counts", () => {
  it("are UTC and the same for every reader", () => {
    expect(formatUtc(now)).toBe("2026-11-22 15:31:04.123 UTC");
    expect(formatClock(now)).toBe("15:31:04");
    expect(formatClock(now, { milliseconds: true })).toBe("15:31:04.123");
    expect(formatCount(12304)).toBe("12,304");
    expect(formatCount(12304n)).toBe("12,304");
  });
});

import { describe, expect, it } from "vitest";
import { boundsOf, parsePeriod, periods } from "./periods";

describe("periods", () => {
  it("default to 24 hours", () => {
    expect(parsePeriod(undefined).id).toBe("24h");
    expect(parsePeriod("9y").id).toBe("24h");
    expect(parsePeriod("7d").id).toBe("7d");
  });

  it.each(periods)("$id ends at a whole bucket after now", (period) => {
    const now = new Date("2026-11-22T15:31:04Z");
    const { from, to } = boundsOf(period, now);
    expect(to.getTime()).toBeGreaterThan(now.getTime());
    expect(to.getTime() - now.getTime()).toBeLessThanOrEqual(period.bucketSeconds * 1000);
    expect(to.getTime() % (period.bucketSeconds * 1000)).toBe(0);
    expect(to.getTime() - from.getTime()).toBe(period.seconds * 1000);
  });
});

import { describe, expect, it } from "vitest";

import { attemptsMax, retryDelaySeconds } from "./retry-delay";

describe("retryDelaySeconds", () => {
  it.each([
    [1, 0.5, 15],
    [2, 0.5, 30],
    [5, 0.5, 240],
    [1, 0, 10.5],
    [1, 1, 19.5],
  ])("after attempt %i with the dice at %d waits %d s", (attempts, random, seconds) => {
    expect(retryDelaySeconds(attempts, random)).toBeCloseTo(seconds);
  });

  it("gives up after the last attempt", () => {
    expect(retryDelaySeconds(attemptsMax - 1, 0.5)).not.toBeNull();
    expect(retryDelaySeconds(attemptsMax, 0.5)).toBeNull();
  });
});

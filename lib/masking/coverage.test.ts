import { describe, expect, it } from "vitest";
import { maskingCoverage } from "./coverage";

describe("maskingCoverage", () => {
  it("counts sensitive, harmless and unjudged columns apart", () => {
    const columns = [
      { labels: ["pii.email"], masked: true },
      { labels: ["pii.name", "public"], masked: false },
      { labels: ["public"], masked: false },
      { labels: ["public.reference"], masked: true },
      { labels: ["publication"], masked: true },
      { labels: [], masked: true },
      { labels: [], masked: false },
    ];
    expect(maskingCoverage(columns)).toEqual({
      columns: 7,
      sensitive: 3,
      sensitiveMasked: 2,
      harmless: 2,
      unlabelled: 2,
      unlabelledMasked: 1,
    });
  });

  it("of nothing is nothing", () => {
    expect(maskingCoverage([]).columns).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { formatLabels, formatServerVersion, parseLabels } from "./database-rows";

describe("parseLabels", () => {
  it.each([
    ["", {}],
    ["env=production", { env: "production" }],
    ["env=production, team=core\ntier=1", { env: "production", team: "core", tier: "1" }],
    ["note=a=b", { note: "a=b" }],
  ])("reads %j", (text, labels) => {
    expect(parseLabels(text)).toEqual({ labels });
  });

  it.each(["env", "=production", "env="])("names %j as the pair that is wrong", (text) => {
    expect(parseLabels(text)).toEqual({ fault: expect.stringContaining(`“${text}”`) });
  });

  it("reads back what was written", () => {
    const labels = { tier: "1", env: "production" };
    expect(parseLabels(formatLabels(labels))).toEqual({ labels });
  });
});

it("formats a server's version", () => {
  expect(formatServerVersion(180004)).toBe("PostgreSQL 18.4");
  expect(formatServerVersion(130012)).toBe("PostgreSQL 13.12");
});

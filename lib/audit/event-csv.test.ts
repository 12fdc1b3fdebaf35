import { describe, expect, it } from "vitest";
import { csvCell, eventCsvHead, eventCsvLine } from "./event-csv";

describe("csvCell", () => {
  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["two\nlines", '"two\nlines"'],
    ["=1+1", "'=1+1"],
    ["@cmd", "'@cmd"],
    ["-1", "'-1"],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    [7, "7"],
    [-7, "-7"],
    [null, ""],
  ])("writes %j as %s", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

describe("eventCsvLine", () => {
  it("has a cell for each name", () => {
    const leaf = JSON.stringify({
      id: "018f9c3e-0000-7000-8000-000000000001",
      kind: "statement.refused",
      at: "2026-11-22T15:00:00.000Z",
      actor: "agent/reporting-agent",
      database: "shop",
      decision: "deny",
      policies: ["a", "b"],
      statement: "DROP TABLE customers",
      sqlstate: "42501",
    });
    const line = eventCsvLine({ position: "12", leaf });
    expect(line).toBe(
      "12,2026-11-22T15:00:00.000Z,statement.refused,agent/reporting-agent,shop,deny,a b,,,DROP TABLE customers,,,42501",
    );
    expect(line.split(",")).toHaveLength(eventCsvHead.split(",").length);
  });

  it("keeps the position of what cannot be read", () => {
    expect(eventCsvLine({ position: "3", leaf: "not json" })).toBe("3");
  });
});

import { describe, expect, it } from "vitest";
import { formatFilter, parseFilter, setTerm, singleValue, toggleTerm } from "./parse-filter";

describe("parseFilter", () => {
  it("reads keys, exclusions and words", () => {
    expect(parseFilter('agent:reporting decision:hold -database:staging orders "two words"')).toEqual({
      terms: [
        { key: "agent", value: "reporting", negated: false },
        { key: "decision", value: "hold", negated: false },
        { key: "database", value: "staging", negated: true },
      ],
      words: ["orders", "two words"],
    });
  });

  it.each([
    ["", { terms: [], words: [] }],
    ["  ", { terms: [], words: [] }],
    ["colour:red", { terms: [], words: ["colour:red"] }],
    ["agent:", { terms: [], words: ["agent:"] }],
    ["-orders", { terms: [], words: ["-orders"] }],
    ['table:"Order Items"', { terms: [{ key: "table", value: "Order Items", negated: false }], words: [] }],
    ['"open', { terms: [], words: ["open"] }],
    ["a::b", { terms: [], words: ["a::b"] }],
  ])("reads %j", (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  it("writes what it reads", () => {
    const text = 'agent:a -label:pii.email table:"x y" word "two words"';
    expect(formatFilter(parseFilter(text))).toBe(text);
  });

  it("stops at a bound", () => {
    expect(parseFilter("a ".repeat(500)).words).toHaveLength(20);
  });
});

describe("terms", () => {
  const filter = parseFilter("decision:hold word");
  it("are added and removed by the same gesture", () => {
    const term = { key: "agent", value: "x", negated: false } as const;
    const added = toggleTerm(filter, term);
    expect(formatFilter(added)).toBe("decision:hold agent:x word");
    expect(toggleTerm(added, term)).toEqual(filter);
  });

  it("are replaced by key", () => {
    expect(formatFilter(setTerm(filter, "decision", "deny"))).toBe("decision:deny word");
    expect(formatFilter(setTerm(filter, "decision", null))).toBe("word");
  });

  it("tell the one value of a key", () => {
    expect(singleValue(filter, "decision")).toBe("hold");
    expect(singleValue(filter, "agent")).toBeNull();
    expect(singleValue(parseFilter("-decision:hold"), "decision")).toBeNull();
  });
});

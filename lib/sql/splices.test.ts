import { describe, expect, it } from "vitest";
import { lexTokens, type Tokens } from "./lex";
import { applySplices, splitStatements } from "./splices";
import type { Splice } from "./types";

const tokensOf = (sql: string) => lexTokens(sql) as Tokens;

describe("splitStatements", () => {
  it.each([
    ["select 1", [[0, 2]]],
    ["select 1;", [[0, 2]]],
    [
      ";; select 1 ;; select ';' ; -- ;",
      [
        [2, 4],
        [6, 8],
      ],
    ],
    ["", []],
    ["/* ; */ ;", []],
  ])("cuts %s", (sql, ranges) => {
    expect(splitStatements(sql, tokensOf(sql)).map(({ from, to }) => [from, to])).toEqual(ranges);
  });
});

describe("applySplices", () => {
  const sql = "/* a */ SELECT x FROM t WHERE id = 7; /* b */ SELECT y FROM u -- c\n";
  // 0 SELECT 1 x 2 FROM 3 t 4 WHERE 5 id 6 = 7 7 8 ; 9 SELECT 10 y 11 FROM 12 u
  const cases: [string, Splice[], { from: number; to: number } | undefined, string][] = [
    ["nothing", [], undefined, sql],
    ["one statement", [], { from: 9, to: 13 }, "SELECT y FROM u"],
    [
      "a replacement",
      [{ from: 3, to: 4, text: "(SELECT 1) t" }],
      { from: 0, to: 8 },
      "SELECT x FROM (SELECT 1) t WHERE id = 7",
    ],
    ["an insertion", [{ from: 4, to: 4, text: "AS t" }], { from: 0, to: 8 }, "SELECT x FROM t  AS t WHERE id = 7"],
    [
      "an insertion at the end",
      [{ from: 13, to: 13, text: "LIMIT 1" }],
      { from: 9, to: 13 },
      "SELECT y FROM u LIMIT 1 ",
    ],
    [
      "several over the whole text",
      [
        { from: 1, to: 2, text: "*" },
        { from: 10, to: 13, text: "2" },
      ],
      undefined,
      "/* a */ SELECT * FROM t WHERE id = 7; /* b */ SELECT 2 -- c\n",
    ],
  ];

  it.each(cases)("applies %s", (_, splices, range, text) => {
    expect(applySplices(sql, tokensOf(sql), splices, range)).toBe(text);
  });

  it("fits the next text of the same shape", () => {
    const next = "SELECT x FROM t WHERE id = 'a much longer value'";
    expect(applySplices(next, tokensOf(next), [{ from: 3, to: 4, text: "v" }], { from: 0, to: 8 })).toBe(
      "SELECT x FROM v WHERE id = 'a much longer value'",
    );
  });

  it.each([
    [
      [
        { from: 1, to: 3, text: "" },
        { from: 2, to: 4, text: "" },
      ],
    ],
    [[{ from: 12, to: 14, text: "" }]],
    [[{ from: 3, to: 2, text: "" }]],
  ])("throws on splices %j", (splices) => {
    expect(() => applySplices(sql, tokensOf(sql), splices)).toThrow(RangeError);
  });
});

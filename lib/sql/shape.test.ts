import { describe, expect, it } from "vitest";
import { lexTokens, TokenKind, type Tokens, tokenCount, tokenKind, tokenText } from "./lex";
import { fingerprintOf, redact, scanShape, shapeOf } from "./shape";

const shape = (sql: string) => shapeOf(sql, lexTokens(sql) as Tokens);

const shapes: [string, string][] = [
  ["SELECT abalance FROM pgbench_accounts WHERE aid = 12345;", "SELECT abalance FROM pgbench_accounts WHERE aid = ?;"],
  ["select  a\n,b/* c */from -- d\n t", "select a, b from t"],
  ["SELECT count(*),a.b , x::int,arr[ 1 : 2 ]", "SELECT count (*), a.b, x::int, arr[? : ?]"],
  ["INSERT INTO t VALUES (1,'a',B'1',E'\\'',$$x$$,1.5e3, -7)", "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, - ?)"],
  ["select 'a'\n'b' , U&'x' uescape '!'", "select ?, ? uescape ?"],
  ["select N'a', nchar 'a'", "select nchar ?, nchar ?"],
  ["select a ? 'b', a ?| b, $1", "select a \\? ?, a ?| b, $1"],
  ['select "a ? b", "A""b"', 'select "a ? b", "A""b"'],
  ["select f(a=>1,b := 2)", "select f (a => ?, b := ?)"],
  ["", ""],
  ["  ;", ";"],
];

/** What must never share a shape: the tokens differ in more than literals. */
const different: [string, string][] = [
  ["select date '1' b", "select date ? b"],
  ["select a < > b", "select a <> b"],
  ["select - 1", "select 1"],
  ["select 1 - 1", "select 1 -1 -1"],
  ["where a in (1, 2)", "where a in (1, 2, 3)"],
  ["select a . . b", "select a .. b"],
  ["select a : : b", "select a :: b"],
  ["select a : = b", "select a := b"],
  ['select "a", "b"', 'select "a, b"'],
  ["select a b", "select ab"],
  ["select a$1", "select a $1"],
  ["select 'a' 'b'", "select 'a'\n'b'"],
  ["select n 'a'", "select N'a'"],
  ["select A", "select a"],
  ["select a .5", "select a . 5"],
  ["select '?'", "select ?"],
  ["select $1", "select 1"],
];

describe("shapeOf", () => {
  it.each(shapes)("shapes %s", (sql, expected) => {
    expect(shape(sql)).toBe(expected);
  });

  it.each(different)("keeps apart: %s and %s", (one, other) => {
    expect(shape(one)).not.toBe(shape(other));
  });

  it("gives texts that differ in literals, comments and space one shape", () => {
    const texts = [
      "select a from t where x=1",
      "select a\nfrom t /* y */ where x = 'z'",
      "select a from t where x =$$q$$",
    ];
    expect(new Set(texts.map(shape)).size).toBe(1);
  });

  it("gives texts of one shape the same tokens apart from literals", () => {
    const seen = new Map<string, string>();
    const parts = [
      "a",
      "?",
      "'x'",
      "1",
      "-",
      ".",
      "..",
      ":",
      "::",
      ":=",
      "(",
      "[",
      "$1",
      '"q ?"',
      "N'x'",
      "nchar",
      "*",
      ",",
      "=>",
      "\\",
    ];
    const spaces = ["", " "];
    for (const one of parts) {
      for (const two of parts) {
        for (const three of parts) {
          for (const space of spaces) {
            const sql = `${one}${space}${two}${space}${three}`;
            const tokens = lexTokens(sql);
            if (!(tokens instanceof Int32Array)) continue;
            const known = seen.get(shapeOf(sql, tokens));
            const signature = signatureOf(sql, tokens);
            expect(known ?? signature, sql).toBe(signature);
            seen.set(shapeOf(sql, tokens), signature);
          }
        }
      }
    }
    expect(seen.size).toBeGreaterThan(3000);
  });
});

function signatureOf(sql: string, tokens: Tokens): string {
  const parts: string[] = [];
  for (let i = 0; i < tokenCount(tokens); i++) {
    const kind = tokenKind(tokens, i);
    const isLiteral = kind === TokenKind.string || kind === TokenKind.number || kind === TokenKind.bitString;
    const isNchar = kind === TokenKind.nchar || (kind === TokenKind.word && tokenText(sql, tokens, i) === "nchar");
    parts.push(isLiteral ? "literal" : isNchar ? "nchar" : `${kind}:${tokenText(sql, tokens, i)}`);
  }
  return JSON.stringify(parts);
}

describe("scanShape, redact and fingerprintOf", () => {
  it("returns tokens and shape together", () => {
    const scanned = scanShape("select 1");
    expect(scanned).toMatchObject({ shape: "select ?" });
    expect(scanShape("select 'a")).toEqual({ message: "unterminated quoted string", offset: 7 });
  });

  it("keeps values out of logs, those of unreadable texts too", () => {
    expect(redact("select 'secret'")).toBe("select ?");
    expect(redact("select 'secret")).toBe("(unterminated quoted string)");
  });

  it("fingerprints a shape with 16 hex digits", () => {
    expect(fingerprintOf("select ?")).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf("select ?")).not.toBe(fingerprintOf("select \\?"));
  });
});

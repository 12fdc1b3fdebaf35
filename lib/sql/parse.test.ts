import { beforeAll, describe, expect, it } from "vitest";
import { tokenAtByte } from "./byte-offsets";
import { tokenText } from "./lex";
import { loadParser, type ParsedBatch, parserIsSound, parseStatements } from "./parse";

beforeAll(() => loadParser());

function batch(sql: string): ParsedBatch {
  const parsed = parseStatements(sql);
  if ("sqlstate" in parsed) throw new Error(parsed.message);
  return parsed;
}

function statementTexts(sql: string): string[] {
  const parsed = batch(sql);
  return parsed.statements.map((s) => {
    const texts: string[] = [];
    for (let i = s.tokenFrom; i < s.tokenTo; i++) texts.push(tokenText(sql, parsed.tokens, i));
    return `${s.tag}: ${texts.join(" ")}`;
  });
}

describe("parseStatements", () => {
  it.each([
    ["select 1", ["SelectStmt: select 1"]],
    ["/* x */ select 1 ; -- c\n drop table t;", ["SelectStmt: select 1", "DropStmt: drop table t"]],
    ["", []],
    [" -- nothing\n", []],
    [";;", []],
    ["select 'é😀'; begin", ["SelectStmt: select 'é😀'", "TransactionStmt: begin"]],
    [
      "create function f() returns int begin atomic select 1; select 2; end; select 3",
      [
        "CreateFunctionStmt: create function f ( ) returns int begin atomic select 1 ; select 2 ; end",
        "SelectStmt: select 3",
      ],
    ],
  ])("gives the statements of %s with their tokens", (sql, texts) => {
    expect(statementTexts(sql)).toEqual(texts);
  });

  it("finds the token that a location in the tree means", () => {
    const sql = "select 'é😀', col from t";
    const parsed = batch(sql);
    const index = tokenAtByte(parsed.byteStarts, Buffer.from(sql).indexOf("col"));
    expect(tokenText(sql, parsed.tokens, index)).toBe("col");
    expect(tokenAtByte(parsed.byteStarts, 1)).toBe(-1);
  });

  it("gives UTF-8 offsets of each statement", () => {
    expect(batch("select 'é';  select 2").statements.map((s) => [s.byteStart, s.byteEnd])).toEqual([
      [0, 11],
      [14, 22],
    ]);
  });

  it.each([
    ["selec 1", 'syntax error at or near "selec"', 1],
    ["select '😀é' x y", 'syntax error at or near "y"', 15],
    ["select ((", "syntax error at end of input", 10],
    ["select 😀, 'abc", "unterminated quoted string", 11],
    ["select 1 /* x", "unterminated /* comment", 10],
    ["select E'\\uZZ'", "invalid Unicode escape", 10],
    ["select 1a", "trailing junk after numeric literal", 8],
    ["select '\0'", "the text contains a null character", 9],
  ])("refuses %j with PostgreSQL's position", (sql, message, position) => {
    expect(parseStatements(sql)).toMatchObject({ sqlstate: "42601", message, position });
  });

  it.each([
    ["parentheses", `select ${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["NOT", `select ${"not ".repeat(20_000)}true`],
    ["sums", `select 1${"+1".repeat(20_000)}`],
    ["set operations", `select 1, 2${" union all select 1, 2".repeat(2000)}`],
    ["joins", `select 1 from t${" join t using (a)".repeat(2000)}`],
    ["CASE", `select ${"case when true then ".repeat(2000)}1${" end".repeat(2000)}`],
    ["subqueries", `select ${"(select ".repeat(2000)}1${")".repeat(2000)}`],
    ["calls", `select ${"f(".repeat(2000)}1${")".repeat(2000)}`],
    ["casts", `select 1${"::int".repeat(2000)}`],
    ["signs", `select ${"- ".repeat(2000)}1`],
    ["unclosed brackets", `select ${"[".repeat(20_000)}`],
    ["brackets that names of columns seem to close", `select ${"(t.end + ".repeat(2000)}1${")".repeat(2000)}`],
    ["chains within brackets", `select ${"(1+1+1+".repeat(400)}1${")".repeat(400)}`],
  ])("refuses deep %s before the parser sees them", (_, sql) => {
    expect(parseStatements(sql)).toMatchObject({ sqlstate: "54001" });
    expect(parserIsSound()).toBe(true);
  });

  it.each([
    ["a long IN list", `select 1 where a in (${Array.from({ length: 20_000 }, (_, i) => i).join(",")})`],
    [
      "many rows",
      `insert into t values ${Array.from({ length: 5000 }, (_, i) => `(${i}, -${i} + 1, 'x'::text)`).join(",")}`,
    ],
    ["many conditions", `select 1 where ${Array.from({ length: 3000 }, (_, i) => `a = ${i}`).join(" or ")}`],
    ["many columns named end and case", `select ${"t.end, (t.case), ".repeat(3000)} 1 from t`],
    ["many statements", "select 1 + 1 union select 2;".repeat(3000)],
    ["hundreds of set operations", `select 1${" union all select 1".repeat(400)}`],
  ])("parses %s", (_, sql) => {
    expect(parseStatements(sql)).toHaveProperty("statements");
  });

  it("refuses texts beyond the bound, counted in bytes", () => {
    expect(parseStatements(`select '${"x".repeat(2 * 1024 * 1024)}'`)).toMatchObject({ sqlstate: "54000" });
    expect(parseStatements("select 'éé'", { bytesMax: 12 })).toMatchObject({ sqlstate: "54000" });
    expect(parseStatements("select 'éé'", { bytesMax: 13 })).toHaveProperty("statements");
  });
});

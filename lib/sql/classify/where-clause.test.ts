import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parseStatements } from "../parse";
import { fieldsOf, strings } from "../walk";
import { hasPatternLiteral, isConstantCondition } from "./where-clause";

beforeAll(() => loadParser());

function conditionOf(where: string): unknown {
  const parsed = parseStatements(`DELETE FROM t WHERE ${where}`);
  if ("sqlstate" in parsed) throw new Error(parsed.message);
  return parsed.statements[0]?.node.whereClause;
}

const constant = [
  "true",
  "false",
  "1 = 1",
  "1 = 2",
  "true AND 1=1",
  "now() > '2020-01-01'",
  "random() < 2",
  "$1",
  "$1 = 1",
  "coalesce(true, false)",
  "coalesce(true, x > 1)",
  "EXISTS (SELECT 1)",
  "x = x",
  "t.x = x",
  "public.t.x = x",
  "x + 1 = x + 1",
  "x >= x AND y <= y",
  "x LIKE x",
  "x IS NOT DISTINCT FROM x",
  "x = 1 OR TRUE",
  "x = 1 OR 1 = 1",
  "x = 1 OR 'a' = 'b'",
  "x = 1 OR y = y",
  "x IS NULL OR x IS NOT NULL",
  "x IS NOT NULL OR y = 2 OR t.x IS NULL",
  "x = 1 OR x <> 1",
  "x > 1 OR x <= 1",
  "x < y OR x >= y",
  "x = 1 OR NOT x = 1",
  "name LIKE '%'",
  "name LIKE '%%'",
  "name ILIKE '%'",
  "name::text LIKE '%'::text",
  "name LIKE '%' ESCAPE '!'",
  "name ~~ '%'",
  "name SIMILAR TO '%'",
  "name ~ '.*'",
  "name ~ ''",
  "name ~* '^.*$'",
  "NOT name NOT LIKE '%'",
  "NOT x <> x",
  "NOT (NOT x = x)",
  "NOT (x <> x OR y < y)",
  "NOT (x IS NULL AND x IS NOT NULL)",
  "NOT false",
  "NOT (x = 1 AND false)",
  "(x = x) IS TRUE",
  "(x <> x) IS NOT TRUE",
  "(x = x) IS NOT FALSE",
  "(x = x)::bool",
  "x IN (1, x)",
  "x = ANY (ARRAY[x, 1])",
  "x BETWEEN x AND x",
  "CASE WHEN x = 1 THEN true ELSE true END",
  "id IS NOT NULL",
  "t.id IS NOT NULL AND true",
  "NOT id IS NULL",
];

const dependent = [
  "x = 1",
  "x = y",
  "x = $1",
  "t.x = u.x",
  "x = 1 AND true",
  "x = 1 AND 1 = 1",
  "x = 1 OR false",
  "x = 1 OR y = 2",
  "x = 1 OR y <> 1",
  "x <> x",
  "NOT x = x",
  "x IS NULL",
  "x IS NOT NULL",
  "id IS NULL",
  "x IS NULL OR y IS NOT NULL",
  "name LIKE 'a%'",
  "name LIKE '%a%'",
  "name NOT LIKE '%'",
  "name LIKE '_%'",
  "name LIKE $1",
  "name ~ '^a'",
  "name LIKE other",
  "x IN (1, 2)",
  "x NOT IN (1, x)",
  "x IN (SELECT 1)",
  "x BETWEEN 1 AND 2",
  "x BETWEEN x AND 2",
  "(x = 1) IS TRUE",
  "(x = x) IS NOT TRUE",
  "coalesce(x, 1) = 1",
  "coalesce(x = 1, true)",
  "CASE WHEN x = 1 THEN true END",
  "CASE WHEN x = 1 THEN true ELSE x = 2 END",
  "CURRENT OF c",
  "lower(x) = 'a'",
  "x",
];

const neverNull = (column: Record<string, unknown>) => strings(column.fields).at(-1) === "id";

describe("isConstantCondition", () => {
  it.each(constant)("finds that %s leaves no row out", (where) => {
    expect(isConstantCondition(conditionOf(where), neverNull)).toBe(true);
  });

  it.each(dependent)("finds that %s depends on the row", (where) => {
    expect(isConstantCondition(conditionOf(where), neverNull)).toBe(false);
  });

  it.each([
    ["x = 1 OR 1 = 2", "x = 9 OR 3 = 3"],
    ["x = 1 OR x <> 2", "x = 1 OR x <> 1"],
    ["x = 1 OR NOT x = 2", "x = 1 OR NOT x = 1"],
    ["x + 1 = x + 2", "x + 1 = x + 1"],
    ["x = -1 OR x <> -2", "x = -1 OR x <> -1"],
  ])("gives one answer for texts of one shape: %s and %s", (one, other) => {
    expect(isConstantCondition(conditionOf(one))).toBe(isConstantCondition(conditionOf(other)));
  });

  it("takes no column for never NULL unless told", () => {
    expect(isConstantCondition(conditionOf("id IS NOT NULL"))).toBe(false);
    expect(fieldsOf(conditionOf("id IS NOT NULL"), "NullTest")).toBeDefined();
  });
});

describe("hasPatternLiteral", () => {
  it.each([
    ["name LIKE 'a%'", true],
    ["x = 1 AND name ~ '^a'", true],
    ["name LIKE $1", false],
    ["name = 'a%'", false],
  ])("%s: %s", (where, expected) => {
    expect(hasPatternLiteral(conditionOf(where))).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { lex } from "@/lib/sql/lex";
import { formatSql } from "./format-sql";
import { splitSql } from "./split-sql";

function tokenTexts(sql: string): string[] {
  const tokens = lex(sql);
  if (!Array.isArray(tokens)) throw new Error(tokens.message);
  return tokens.map((token) => sql.slice(token.start, token.end));
}

const statements = [
  "DELETE FROM orders WHERE created_at < now() - interval '2 years' AND status = 'cancelled' RETURNING id",
  "select c.id, c.email, sum(o.total) from customers c left join orders o on o.customer_id = c.id where c.country = 'DE' and o.created_at between '2026-01-01' and '2026-02-01' group by c.id, c.email having sum(o.total) > 100 order by 3 desc limit 10",
  "with old as (select id from orders where created_at < '2020-01-01' and status = 'done') delete from order_items using old where order_items.order_id = old.id",
  "INSERT INTO audit (a, b) SELECT a, b FROM source WHERE a IS DISTINCT FROM b ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE audit.b <> excluded.b",
  "/* ticket 12 */ UPDATE customers SET email = 'x', name = $1 -- why\nWHERE id = 7 AND (a = 1 OR b = 2) /* end */",
  "select '" +
    "x".repeat(80) +
    "' from t where f(a, (select max(b) from u where u.id = t.id)) = 1;delete from t where id in (1,2)",
  "merge into a using b on a.id = b.id when matched then update set x = b.x when not matched then insert values (b.id, b.x)",
];

describe("formatSql", () => {
  it.each(statements)("changes nothing but white space: %s", (sql) => {
    expect(tokenTexts(formatSql(sql))).toEqual(tokenTexts(sql));
  });

  it("keeps every comment", () => {
    const out = formatSql(statements[4] as string);
    for (const comment of ["/* ticket 12 */", "-- why", "/* end */"]) expect(out).toContain(comment);
  });

  it("begins clauses on lines of their own", () => {
    expect(formatSql(statements[0] as string)).toBe(
      "DELETE FROM orders\nWHERE created_at < now() - interval '2 years'\n  AND status = 'cancelled'\nRETURNING id",
    );
  });

  it("indents subqueries and closes them on a line of their own", () => {
    expect(formatSql(statements[2] as string)).toBe(
      [
        "with old as (",
        "  select id",
        "  from orders",
        "  where created_at < '2020-01-01'",
        "    and status = 'done'",
        ") delete from order_items using old",
        "where order_items.order_id = old.id",
      ].join("\n"),
    );
  });

  it("indents a subquery from the line that opens it", () => {
    const sql =
      "DELETE FROM orders WHERE placed_at < now() - interval '2 years' AND id NOT IN (SELECT order_id FROM payments WHERE x IS NULL) RETURNING id";
    expect(formatSql(sql)).toBe(
      [
        "DELETE FROM orders",
        "WHERE placed_at < now() - interval '2 years'",
        "  AND id NOT IN (",
        "    SELECT order_id",
        "    FROM payments",
        "    WHERE x IS NULL",
        "  )",
        "RETURNING id",
      ].join("\n"),
    );
  });

  it("leaves short statements and what cannot be scanned as they are", () => {
    expect(formatSql("SELECT 1")).toBe("SELECT 1");
    expect(formatSql("SELECT 'open")).toBe("SELECT 'open");
    expect(formatSql("")).toBe("");
  });
});

describe("splitSql", () => {
  it.each([...statements, "SELECT 'open", "", "-- only"])("keeps every character: %s", (sql) => {
    expect(
      splitSql(sql)
        .map((part) => part.text)
        .join(""),
    ).toBe(sql);
  });

  it("marks names with letters outside ASCII", () => {
    expect(splitSql("SELECT оrders").at(-1)).toEqual({ kind: "lookalike", text: "оrders" });
  });
});

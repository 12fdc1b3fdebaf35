import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../parse";
import { analyse, asks } from "./classify-fixture";

beforeAll(() => loadParser());

describe("classifyStatement", () => {
  it("follows EXECUTE into what it executes, also under EXPLAIN and CREATE TABLE AS", () => {
    const prepared = {
      p: { sql: "PREPARE q AS SELECT 1; PREPARE p (int) AS DELETE FROM orders WHERE id = $1" },
      s: { sql: "SELECT * FROM customers" },
      loop: { sql: "EXPLAIN EXECUTE loop" },
    };
    expect(asks("EXECUTE p(7)", { prepared })).toEqual(["delete orders where", "select orders"]);
    expect(analyse("EXECUTE p(7)", { prepared })).toMatchObject({
      node: "ExecuteStmt",
      kind: "delete",
      hasWhere: true,
    });
    expect(asks("EXECUTE p(pg_backend_pid())", { prepared })).toEqual(["delete orders where", "select orders"]);
    expect(asks("EXPLAIN ANALYZE EXECUTE p(7)", { prepared })).toEqual([
      "delete orders where",
      "explain Database shop",
      "select orders",
    ]);
    expect(asks("CREATE TABLE t AS EXECUTE s", { prepared })).toEqual([
      "create Schema shop.public",
      "select customers",
    ]);
    expect(asks("EXECUTE loop", { prepared })).toEqual(["refused 0A000"]);
    expect(asks("EXECUTE constructor", { prepared })).toEqual(["refused 0A000"]);
  });

  it("takes only the statement that the name was certainly given to", () => {
    const executed = (sql: string) => asks("EXECUTE p", { prepared: { p: { sql } } });
    expect(executed("SELECT 1; PREPARE p AS DELETE FROM orders; SELECT 2")).toEqual(["delete orders no where"]);
    expect(executed("PREPARE p AS DELETE FROM orders; PREPARE p AS SELECT 1")).toEqual(["refused 0A000"]);
    expect(executed("PREPARE q AS SELECT 1")).toEqual(["refused 0A000"]);
    expect(executed("SELECT 1; SELECT 2")).toEqual(["refused 0A000"]);
    expect(executed("selec")).toEqual(["refused 0A000"]);
  });

  it("resolves with the session's search path", () => {
    expect(asks("DELETE FROM customers WHERE id = 1", { searchPath: ["crm", "public"] })).toEqual([
      "delete shop.crm.customers where",
      "select shop.crm.customers",
    ]);
    expect(asks("SELECT lower('X')", { searchPath: ["crm", "public"] })).toEqual(["call Function shop.crm.lower"]);
    expect(asks("CREATE TABLE t (id int)", { searchPath: ["nope", "crm"] })).toEqual(["create Schema shop.crm"]);
  });

  it("names the statement's kind, its transaction step and its end", () => {
    expect(analyse("COMMIT")).toMatchObject({ kind: "commit", transaction: "commit", endsOnly: true });
    expect(analyse("ROLLBACK TO SAVEPOINT a")).toMatchObject({
      kind: "rollbackTo",
      transaction: "rollbackTo",
      endsOnly: true,
    });
    expect(analyse("BEGIN")).toMatchObject({ kind: "transaction", transaction: "begin", endsOnly: false });
    expect(analyse("SHOW x")).toMatchObject({ kind: "show", endsOnly: false });
    expect(analyse("DEALLOCATE p")).toMatchObject({ kind: "deallocate", endsOnly: true });
    expect(analyse("EXPLAIN DELETE FROM orders")).toMatchObject({ kind: "explain" });
    expect(analyse("CREATE INDEX ON orders (id)")).toMatchObject({ kind: "index", changesCatalog: true });
    expect(analyse("WITH x AS (DELETE FROM orders) SELECT 1")).toMatchObject({ kind: "select", hasWhere: false });
  });

  it("tells the session which settings change", () => {
    const settings = (sql: string) => analyse(sql).settings;
    expect(settings("SET LOCAL search_path TO crm, \"Odd Schema\", '$user'")).toEqual([
      { name: "search_path", value: 'crm, "Odd Schema", "$user"', local: true },
    ]);
    expect(settings("SET countersign.reason = 'fix 7'")).toEqual([
      { name: "countersign.reason", value: "fix 7", local: false },
    ]);
    expect(settings("SET work_mem TO DEFAULT")).toEqual([{ name: "work_mem", value: null, local: false }]);
    expect(settings("SET statement_timeout = 0")).toEqual([{ name: "statement_timeout", value: "0", local: false }]);
    expect(settings("SET TIME ZONE 'UTC'")).toEqual([{ name: "timezone", value: "UTC", local: false }]);
    expect(settings("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")).toEqual([
      { name: "transaction_read_only", value: "1", local: false },
    ]);
    expect(settings("RESET ALL")).toEqual([{ name: "all", value: null, local: false }]);
    expect(settings("DISCARD ALL")).toEqual([{ name: "all", value: null, local: false }]);
    expect(settings("SELECT set_config('search_path', 'crm', true)")).toEqual([
      { name: "search_path", value: "crm", local: true },
    ]);
  });

  it("marks statements whose literals decide what they mean", () => {
    const decisive = [
      "SELECT set_config('work_mem', '1MB', false)",
      "SELECT 'orders'::regclass",
      "SELECT nextval('orders_id_seq')",
      "SET work_mem = '1MB'",
      "DELETE FROM orders WHERE note LIKE 'a%'",
      "PREPARE p AS SELECT 1",
    ];
    for (const sql of decisive) expect(analyse(sql).literalMatters, sql).toBe(true);
    const indifferent = [
      "SELECT * FROM orders WHERE id = 7 LIMIT 5",
      "DELETE FROM orders WHERE id = 7",
      "SELECT 'x'::text",
    ];
    for (const sql of indifferent) expect(analyse(sql).literalMatters, sql).toBe(false);
  });

  it("lists the columns that are read or written", () => {
    expect(analyse("SELECT name FROM customers WHERE id = 1").columns.sort()).toEqual([
      "shop.public.customers.id",
      "shop.public.customers.name",
    ]);
    expect(analyse("DELETE FROM customers WHERE id = 1").columns).toHaveLength(3);
  });

  it("keys by the exact text where UESCAPE says how to read a name", () => {
    expect(analyse(`SELECT 1 FROM U&"ord!0065rs" UESCAPE '!'`)).toMatchObject({ literalMatters: true });
    expect(analyse("SELECT 1 FROM orders")).toMatchObject({ literalMatters: false });
  });
});

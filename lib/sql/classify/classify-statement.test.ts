import { beforeAll, describe, expect, it } from "vitest";
import type { Catalog, CatalogRelation } from "../catalog";
import { indexCatalog } from "../catalog-index";
import { loadParser, parseStatements } from "../parse";
import type { StatementAnalysis } from "../types";
import { type ClassifyInput, classifyStatement } from "./classify-statement";

beforeAll(() => loadParser());

let oid = 16_384;

function relation(name: string, columns: string, kind = "r", schema = "public"): CatalogRelation {
  return {
    oid: oid++,
    schema,
    name,
    kind,
    columns: columns.split(" ").map((column, index) => ({
      number: index + 1,
      name: column,
      typeOid: 25,
      type: "text",
      typeKind: "b",
      notNull: column === "id",
      generated: false,
      readable: true,
    })),
    parents: [],
    primaryKey: [1],
    unique: [1],
    rows: 0,
    hasTriggers: false,
    hasRules: false,
  };
}

function fn(name: string, kind = "f", schema = "public"): Catalog["functions"][number] {
  return {
    oid: oid++,
    schema,
    name,
    arguments: "integer",
    language: "sql",
    volatility: "v",
    kind,
    definitionHash: "x",
  };
}

const catalog: Catalog = {
  serverVersion: 180004,
  databaseName: "upstream_shop",
  schemas: ["public", "crm", "Odd Schema"],
  relations: [
    relation("orders", "id customer_id note"),
    relation("customers", "id name email"),
    relation("audit", "id what"),
    relation("v_orders", "id note", "v"),
    relation("mv_orders", "id", "m"),
    relation("orders_id_seq", "last_value", "S"),
    relation("customers", "id label", "r", "crm"),
    relation("Odd Table", "id", "r", "Odd Schema"),
  ],
  functions: [fn("refresh_totals"), fn("f", "f", "crm"), fn("lower", "f", "crm"), fn("p", "p")],
  operators: [],
  types: [],
};

const index = indexCatalog(catalog, "shop");

function analyse(sql: string, input: Partial<ClassifyInput> = {}): StatementAnalysis {
  const batch = parseStatements(sql);
  if ("sqlstate" in batch) throw new Error(`${batch.message}: ${sql}`);
  const statement = batch.statements[0];
  if (statement === undefined) throw new Error("no statement");
  return classifyStatement({ statement, batch, index, searchPath: ["$user", "public"], role: "app", ...input });
}

/** `select orders` is select on Table shop.public.orders; other types show their id whole. */
function asks(sql: string, input: Partial<ClassifyInput> = {}): string[] {
  const analysis = analyse(sql, input);
  if (analysis.refusal !== undefined) return [`refused ${analysis.refusal.sqlstate}`];
  return analysis.asks
    .map(({ action, resource, hasWhere, whereIsConstant }) => {
      const id =
        resource.type === "Table" ? resource.id.replace(/^shop\.public\./, "") : `${resource.type} ${resource.id}`;
      const where = ["update", "delete", "merge"].includes(action)
        ? hasWhere
          ? whereIsConstant
            ? " where constant"
            : " where"
          : " no where"
        : "";
      return `${action} ${id}${where}`;
    })
    .sort();
}

const table: [string, string[]][] = [
  // reads
  ["SELECT 1", ["select Database shop"]],
  ["VALUES (1)", ["select Database shop"]],
  ["SELECT now(), lower('X')", ["select Database shop"]],
  ["SELECT version()", []],
  ["SELECT current_database(), current_user", []],
  ["SELECT current_user", []],
  ["SELECT CURRENT_DATE", ["select Database shop"]],
  ["SELECT id FROM orders", ["select orders"]],
  ["TABLE orders", ["select orders"]],
  ["SELECT * FROM orders o, crm.customers c", ["select orders", "select shop.crm.customers"]],
  ['SELECT * FROM "Odd Schema"."Odd Table"', ['select shop."Odd Schema"."Odd Table"']],
  [
    "SELECT (SELECT max(id) FROM orders) FROM customers WHERE EXISTS (SELECT FROM audit)",
    ["select audit", "select customers", "select orders"],
  ],
  ["WITH orders AS (SELECT 1 AS id) SELECT * FROM orders", ["select Database shop"]],
  [
    "WITH x AS (SELECT * FROM orders) SELECT * FROM x UNION SELECT id, name, email FROM customers",
    ["select customers", "select orders"],
  ],
  ["SELECT * FROM orders FOR UPDATE", ["lock orders", "select orders"]],
  [
    "SELECT * FROM orders o JOIN customers c ON true FOR SHARE OF c",
    ["lock customers", "select customers", "select orders"],
  ],
  ["SELECT * FROM (SELECT * FROM orders) x FOR UPDATE", ["lock orders", "select orders"]],
  ["LOCK TABLE orders IN SHARE MODE", ["lock orders", "select orders"]],
  ["DECLARE c CURSOR FOR SELECT * FROM orders", ["select orders"]],
  // system relations
  ["SELECT * FROM pg_class", []],
  [
    "SELECT relname FROM pg_catalog.pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE pg_table_is_visible(c.oid)",
    [],
  ],
  ["SELECT * FROM information_schema.columns", []],
  ["SELECT (information_schema._pg_expandarray(indkey)).n FROM pg_index", []],
  [
    "SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relname OPERATOR(pg_catalog.~) '^(x)$' COLLATE pg_catalog.default",
    [],
  ],
  ["SELECT pg_get_expr(d.adbin, d.adrelid), col_description(1, 2) FROM pg_attrdef d", []],
  [
    "SELECT t.typname, pg_catalog.format_type(t.oid, NULL) FROM pg_type t WHERE NOT EXISTS (SELECT FROM pg_type el WHERE el.oid = t.typelem)",
    [],
  ],
  ["SELECT string_agg(word, ',') FROM pg_catalog.pg_get_keywords()", []],
  ["SELECT * FROM pg_stat_activity", ["select shop.pg_catalog.pg_stat_activity"]],
  ["SELECT * FROM pg_catalog.pg_authid, orders", ["select orders", "select shop.pg_catalog.pg_authid"]],
  ["EXPLAIN SELECT * FROM pg_class", ["explain Database shop"]],
  // calls
  ["SELECT refresh_totals(1)", ["call Function shop.public.refresh_totals"]],
  ["SELECT id FROM orders WHERE crm.f(id) > 1", ["call Function shop.crm.f", "select orders"]],
  ["SELECT nope(1)", ["call Function shop.pg_catalog.nope", "call Function shop.public.nope"]],
  ["SELECT pg_sleep(1)", ["call Function shop.pg_catalog.pg_sleep"]],
  ["SELECT pg_catalog.pg_read_file('/etc/passwd')", ["call Function shop.pg_catalog.pg_read_file"]],
  ["SELECT query_to_xml('select 1', true, false, '')", ["call Function shop.pg_catalog.query_to_xml"]],
  ["SELECT nextval('orders_id_seq')", ["call Function shop.pg_catalog.nextval"]],
  ["SELECT current_setting('x.y')", []],
  ["SELECT current_setting(note) FROM orders", ["call Function shop.pg_catalog.current_setting", "select orders"]],
  ["SELECT lower(name) FROM customers", ["select customers"]],
  ["SELECT 1 OPERATOR(crm.+) 2", ['call Function shop.crm."+"']],
  ["SELECT 1 OPERATOR(pg_catalog.+) 2", ["select Database shop"]],
  ["CALL p(1)", ["call Function shop.public.p"]],
  ["CALL p(pg_sleep(1)::int)", ["call Function shop.pg_catalog.pg_sleep", "call Function shop.public.p"]],
  ["CALL crm.nope()", ["call Function shop.crm.nope"]],
  ["DO $$ BEGIN DELETE FROM orders; END $$", ["executeBlock Database shop"]],
  ["SELECT * FROM generate_series(1, 2)", ["select Database shop"]],
  // writes
  ["INSERT INTO orders VALUES (1)", ["insert orders"]],
  ["INSERT INTO orders SELECT id, name, email FROM customers", ["insert orders", "select customers"]],
  ["INSERT INTO orders VALUES (1) RETURNING id", ["insert orders", "select orders"]],
  ["INSERT INTO orders VALUES (1) ON CONFLICT DO NOTHING", ["insert orders"]],
  [
    "INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET note = 'x'",
    ["insert orders", "select orders", "update orders where"],
  ],
  ["UPDATE orders SET note = 'x'", ["update orders no where"]],
  ["UPDATE orders SET note = 'x' WHERE id = 7", ["select orders", "update orders where"]],
  ["UPDATE orders SET note = note || 'x' WHERE true", ["select orders", "update orders where constant"]],
  ["UPDATE orders SET note = 'x' WHERE note LIKE '%'", ["select orders", "update orders where constant"]],
  ["DELETE FROM orders", ["delete orders no where"]],
  ["DELETE FROM orders WHERE 1 = 1", ["delete orders where constant"]],
  ["DELETE FROM orders WHERE id IS NOT NULL", ["delete orders where constant", "select orders"]],
  ["DELETE FROM orders WHERE ctid = '(0,1)'", ["delete orders where", "select orders"]],
  ["DELETE FROM orders WHERE CURRENT OF c", ["delete orders where"]],
  [
    "DELETE FROM orders USING customers c WHERE customer_id = c.id",
    ["delete orders where", "select customers", "select orders"],
  ],
  ["DELETE FROM orders USING customers c WHERE c.id = 1", ["delete orders where constant", "select customers"]],
  [
    "DELETE FROM orders WHERE EXISTS (SELECT FROM customers c WHERE c.id = 1)",
    ["delete orders where constant", "select customers"],
  ],
  [
    "UPDATE orders SET note = note WHERE EXISTS (SELECT FROM customers WHERE name = '1')",
    ["select customers", "select orders", "update orders where constant"],
  ],
  [
    "UPDATE orders SET note = c.name FROM customers c WHERE c.id = 1 RETURNING orders.id",
    ["select customers", "select orders", "update orders where constant"],
  ],
  [
    "DELETE FROM orders o WHERE EXISTS (SELECT FROM customers c WHERE c.id = o.customer_id)",
    ["delete orders where", "select customers", "select orders"],
  ],
  ["DELETE FROM orders WHERE id IN (SELECT id FROM audit)", ["delete orders where", "select audit", "select orders"]],
  ["WITH x AS (SELECT 1 AS id) DELETE FROM orders USING x WHERE x.id = 1", ["delete orders where constant"]],
  [
    "WITH x AS (SELECT 1 AS id) DELETE FROM orders o USING x WHERE x.id = o.id",
    ["delete orders where", "select orders"],
  ],
  ["DELETE FROM crm.customers WHERE id = 1", ["delete shop.crm.customers where", "select shop.crm.customers"]],
  ["WITH x AS (DELETE FROM orders RETURNING id) SELECT * FROM x", ["delete orders no where", "select orders"]],
  [
    "WITH x AS (UPDATE orders SET note = '' WHERE id = 1) INSERT INTO audit VALUES (1)",
    ["insert audit", "select orders", "update orders where"],
  ],
  [
    "MERGE INTO orders o USING customers c ON o.customer_id = c.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)",
    ["delete orders where", "insert orders", "merge orders where", "select customers", "select orders"],
  ],
  [
    "MERGE INTO orders o USING customers c ON true WHEN MATCHED THEN UPDATE SET note = '' WHEN NOT MATCHED BY SOURCE THEN DELETE",
    ["delete orders no where", "merge orders where constant", "select customers", "update orders where constant"],
  ],
  [
    "TRUNCATE orders, crm.customers",
    ["delete orders no where", "delete shop.crm.customers no where", "truncate orders", "truncate shop.crm.customers"],
  ],
  ["UPDATE pg_settings SET setting = 'x' WHERE name = 'search_path'", ["refused 0A000"]],
  ["SELECT * FROM nope", ["refused 42P01"]],
  // EXPLAIN
  ["EXPLAIN SELECT * FROM orders", ["explain orders", "select orders"]],
  ["EXPLAIN ANALYZE DELETE FROM orders", ["delete orders no where", "explain orders"]],
  ["EXPLAIN SELECT 1", ["explain Database shop", "select Database shop"]],
  [
    "EXPLAIN (ANALYZE) CREATE TABLE t AS SELECT * FROM orders",
    ["create Schema shop.public", "explain orders", "select orders"],
  ],
  // COPY
  ["COPY orders TO STDOUT", ["copyOut orders", "select orders"]],
  ["COPY (SELECT * FROM orders) TO STDOUT", ["copyOut orders", "select orders"]],
  ["COPY (SELECT 1) TO STDOUT", ["copyOut Database shop", "select Database shop"]],
  ["COPY (DELETE FROM orders RETURNING *) TO STDOUT", ["copyOut orders", "delete orders no where", "select orders"]],
  ["COPY pg_class TO STDOUT", []],
  ["COPY orders FROM STDIN", ["copyIn orders"]],
  ["COPY orders TO '/tmp/x'", ["copyOut orders", "copyProgram Database shop", "select orders"]],
  ["COPY orders FROM PROGRAM 'id'", ["copyIn orders", "copyProgram Database shop"]],
  ["COPY (SELECT 1) TO PROGRAM 'id'", ["copyOut Database shop", "copyProgram Database shop", "select Database shop"]],
  // CREATE
  [
    "CREATE TABLE t (id int DEFAULT nextval('orders_id_seq'))",
    ["call Function shop.pg_catalog.nextval", "create Schema shop.public"],
  ],
  ["CREATE TABLE crm.t (id int REFERENCES orders)", ["alter orders", "create Schema shop.crm"]],
  ["CREATE TABLE t PARTITION OF orders DEFAULT", ["alter orders", "create Schema shop.public"]],
  ["CREATE TEMP TABLE t (id int)", ["create Schema shop.pg_temp"]],
  ["CREATE TABLE pg_temp.t (id int)", ["create Schema shop.pg_temp"]],
  ["CREATE TABLE t AS SELECT * FROM customers", ["create Schema shop.public", "select customers"]],
  ["CREATE TEMP TABLE t AS SELECT 1", ["create Schema shop.pg_temp", "select Database shop"]],
  ["SELECT * INTO t FROM customers", ["create Schema shop.public", "select customers"]],
  ["CREATE VIEW crm.v AS SELECT * FROM orders", ["create Schema shop.crm", "select orders"]],
  ["CREATE MATERIALIZED VIEW m AS SELECT * FROM orders", ["create Schema shop.public", "select orders"]],
  ["CREATE INDEX ON orders (lower(note))", ["index orders"]],
  ["CREATE INDEX ON orders (crm.f(id))", ["call Function shop.crm.f", "index orders"]],
  ["CREATE FUNCTION crm.g() RETURNS int LANGUAGE sql AS 'SELECT 1'", ["create Schema shop.crm"]],
  [
    "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT id FROM orders; END",
    ["create Schema shop.public", "select orders"],
  ],
  ["CREATE TYPE s AS ENUM ('a')", ["create Schema shop.public"]],
  ["CREATE DOMAIN crm.d AS text", ["create Schema shop.crm"]],
  ["CREATE SEQUENCE crm.q", ["create Schema shop.crm"]],
  ["CREATE AGGREGATE a (int) (sfunc = int4pl, stype = int)", ["create Schema shop.public"]],
  ["CREATE SCHEMA s CREATE TABLE t (id int)", ["create Database shop", "create Schema shop.s"]],
  ["CREATE EXTENSION hstore", ["create Database shop"]],
  ["CREATE DATABASE d", ["create Database shop"]],
  ["CREATE TRIGGER tr BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f()", ["create orders"]],
  ["CREATE RULE r AS ON INSERT TO orders DO ALSO DELETE FROM audit", ["create orders", "delete audit no where"]],
  ["CREATE STATISTICS crm.st ON id, note FROM orders", ["create Schema shop.crm"]],
  ["IMPORT FOREIGN SCHEMA a FROM SERVER b INTO crm", ["create Schema shop.crm"]],
  // ALTER, DROP, COMMENT, REFRESH
  ["DROP TABLE orders", ["drop orders"]],
  ["DROP TABLE IF EXISTS nope, crm.nope", ["drop nope", "drop shop.crm.nope"]],
  ["DROP VIEW v_orders", ["drop v_orders"]],
  [
    "DROP FUNCTION refresh_totals(int), nope()",
    ["drop Function shop.public.nope", "drop Function shop.public.refresh_totals"],
  ],
  ["DROP INDEX crm.i", ["drop Schema shop.crm"]],
  ["DROP SCHEMA crm CASCADE", ["drop Database shop"]],
  ["DROP EXTENSION hstore", ["drop Database shop"]],
  ["DROP TYPE crm.t", ["drop Schema shop.crm"]],
  ["DROP OPERATOR CLASS crm.c USING btree", ["drop Schema shop.crm"]],
  ["DROP TRIGGER tr ON orders", ["drop orders"]],
  ["DROP POLICY p ON orders", ["security orders"]],
  ["DROP DATABASE d", ["drop Database shop"]],
  ["ALTER TABLE orders ADD COLUMN x int", ["alter orders"]],
  ["ALTER TABLE IF EXISTS nope ADD COLUMN x int", ["alter nope"]],
  ["ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers", ["alter customers", "alter orders"]],
  ["ALTER TABLE orders ATTACH PARTITION audit DEFAULT", ["alter audit", "alter orders"]],
  ["ALTER TABLE orders ENABLE ROW LEVEL SECURITY", ["alter orders", "security orders"]],
  ["ALTER TABLE orders OWNER TO x", ["alter orders"]],
  ["ALTER TABLE orders RENAME TO x", ["alter orders"]],
  ["ALTER TABLE orders RENAME COLUMN note TO x", ["alter orders"]],
  ["ALTER TABLE orders RENAME CONSTRAINT a TO b", ["alter orders"]],
  ["ALTER TABLE orders SET SCHEMA crm", ["alter orders", "create Schema shop.crm"]],
  ["ALTER VIEW v_orders RENAME TO x", ["alter v_orders"]],
  ["ALTER INDEX crm.i RENAME TO x", ["alter Schema shop.crm"]],
  ["ALTER SEQUENCE orders_id_seq RESTART", ["alter orders_id_seq"]],
  ["ALTER FUNCTION refresh_totals(int) OWNER TO x", ["alter Function shop.public.refresh_totals"]],
  ["ALTER FUNCTION refresh_totals(int) SECURITY DEFINER", ["alter Function shop.public.refresh_totals"]],
  ["ALTER SCHEMA crm RENAME TO x", ["alter Schema shop.crm"]],
  ["ALTER SCHEMA crm OWNER TO x", ["alter Schema shop.crm"]],
  ["ALTER TYPE crm.t ADD VALUE 'x'", ["alter Schema shop.crm"]],
  ["ALTER DATABASE d SET x = 1", ["alter Database shop"]],
  ["ALTER SYSTEM SET work_mem = '1GB'", ["alter Database shop"]],
  ["ALTER EXTENSION e UPDATE", ["alter Database shop"]],
  ["COMMENT ON TABLE orders IS 'x'", ["comment orders"]],
  ["COMMENT ON COLUMN orders.note IS 'x'", ["comment orders"]],
  ["COMMENT ON FUNCTION refresh_totals(int) IS 'x'", ["comment Function shop.public.refresh_totals"]],
  ["COMMENT ON SCHEMA crm IS 'x'", ["comment Schema shop.crm"]],
  ["COMMENT ON DATABASE d IS 'x'", ["comment Database shop"]],
  ["COMMENT ON CONSTRAINT c ON orders IS 'x'", ["comment orders"]],
  ["REFRESH MATERIALIZED VIEW mv_orders", ["refresh mv_orders"]],
  // privileges
  ["GRANT SELECT ON orders, customers TO x", ["grant customers", "grant orders"]],
  ["REVOKE ALL ON orders FROM x", ["revoke orders"]],
  ["GRANT EXECUTE ON FUNCTION refresh_totals(int) TO x", ["grant Function shop.public.refresh_totals"]],
  ["GRANT USAGE ON SCHEMA crm TO x", ["grant Schema shop.crm"]],
  ["GRANT SELECT ON ALL TABLES IN SCHEMA crm TO x", ["grant Schema shop.crm"]],
  ["GRANT CONNECT ON DATABASE d TO x", ["grant Database shop"]],
  ["GRANT admin TO x", ["role Database shop"]],
  ["ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM x", ["revoke Database shop"]],
  ["CREATE ROLE x SUPERUSER", ["role Database shop"]],
  ["ALTER USER x PASSWORD 'y'", ["role Database shop"]],
  ["ALTER ROLE x SET search_path = a", ["role Database shop"]],
  ["DROP USER x", ["role Database shop"]],
  ["SET ROLE x", ["role Database shop"]],
  ["SET SESSION AUTHORIZATION x", ["role Database shop"]],
  ["RESET ROLE", ["set Database shop"]],
  ["REASSIGN OWNED BY a TO b", ["role Database shop"]],
  ["DROP OWNED BY a", ["role Database shop"]],
  ["CREATE POLICY p ON orders USING (true)", ["security orders"]],
  ["ALTER POLICY p ON orders USING (true)", ["security orders"]],
  ["SECURITY LABEL ON TABLE orders IS 'x'", ["security orders"]],
  ["CREATE USER MAPPING FOR x SERVER y", ["security Database shop"]],
  // session
  ["BEGIN", ["transaction Database shop"]],
  ["SAVEPOINT a", ["transaction Database shop"]],
  ["PREPARE TRANSACTION 'x'", ["transaction Database shop"]],
  ["COMMIT PREPARED 'x'", ["transaction Database shop"]],
  ["COMMIT", []],
  ["ROLLBACK TO a", []],
  ["RELEASE a", []],
  ["CLOSE c", []],
  ["DEALLOCATE ALL", []],
  ["DISCARD ALL", []],
  ["SHOW search_path", []],
  ["FETCH 5 FROM c", []],
  ["SET work_mem = '1MB'", ["set Database shop"]],
  ["SET countersign.reason = 'x'", ["set Database shop"]],
  ["SET standard_conforming_strings = on", ["set Database shop"]],
  ["SET standard_conforming_strings = off", ["refused 22023"]],
  ["SET NAMES 'LATIN1'", ["refused 22023"]],
  ["SET session_replication_role = replica", ["refused 0A000"]],
  ["SET log_statement = 'none'", ["refused 0A000"]],
  ["SET my.setting = 'x'", ["refused 0A000"]],
  ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", ["set Database shop"]],
  ["SET CONSTRAINTS ALL DEFERRED", ["set Database shop"]],
  ["RESET ALL", ["set Database shop"]],
  ["SELECT set_config('work_mem', '1MB', false)", ["set Database shop"]],
  ["SELECT pg_catalog.set_config('search_path', '', false)", ["set Database shop"]],
  ["SELECT set_config('search_path', '', false) FROM orders", ["refused 0A000"]],
  ["SELECT set_config('search_path', note, false) FROM orders", ["refused 0A000"]],
  ["SELECT set_config(note, 'x', false) FROM orders", ["refused 0A000"]],
  ["SELECT set_config('session_replication_role', 'replica', false)", ["refused 0A000"]],
  ["SELECT set_config('client_encoding', 'LATIN1', false)", ["refused 22023"]],
  ["SELECT set_config('role', 'x', false)", ["role Database shop", "set Database shop"]],
  ["SELECT set_config('countersign.reason', 'x', false)", ["refused 0A000"]],
  ["LISTEN x", ["listen Database shop"]],
  ["NOTIFY x, 'y'", ["listen Database shop"]],
  ["UNLISTEN *", ["listen Database shop"]],
  // system
  ["VACUUM", ["vacuum Database shop"]],
  ["VACUUM FULL orders", ["vacuum orders"]],
  ["ANALYZE orders (id)", ["analyze orders"]],
  ["CHECKPOINT", ["other Database shop"]],
  ["LOAD 'x'", ["other Database shop"]],
  ["CLUSTER orders", ["other Database shop"]],
  ["REINDEX TABLE orders", ["other Database shop"]],
  // prepared
  ["PREPARE p AS DELETE FROM orders", ["delete orders no where"]],
  ["EXECUTE missing", ["refused 0A000"]],
];

describe("classifyStatement", () => {
  it.each(table)("%s", (sql, expected) => {
    expect(asks(sql)).toEqual([...expected].sort());
  });

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
});

import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../parse";
import { asks } from "./classify-fixture";

beforeAll(() => loadParser());

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
];

describe("classifyStatement", () => {
  it.each(table)("asks for what reads, calls and writes: %s", (sql, expected) => {
    expect(asks(sql)).toEqual([...expected].sort());
  });
});

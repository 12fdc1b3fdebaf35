import { beforeAll, describe, expect, it } from "vitest";
import { sketchCatalog } from "@/e2e/fixtures/example-catalog";
import { indexCatalog } from "../catalog-index";
import { loadParser } from "../parse";
import { asks } from "./classify-fixture";

beforeAll(() => loadParser());

const alterOfCrm = [
  "alter Function shop.crm.f",
  "alter Function shop.crm.lower",
  "alter Schema shop.crm",
  "alter shop.crm.customers",
];

const table: [string, string[]][] = [
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
  ["DROP SCHEMA crm", ["drop Database shop", "drop Schema shop.crm"]],
  [
    "DROP SCHEMA crm CASCADE",
    [
      "drop Database shop",
      "drop Function shop.crm.f",
      "drop Function shop.crm.lower",
      "drop Schema shop.crm",
      "drop shop.crm.customers",
    ],
  ],
  [
    'DROP SCHEMA "Odd Schema", nope CASCADE',
    [
      "drop Database shop",
      "drop Schema shop.nope",
      'drop Schema shop."Odd Schema"',
      'drop shop."Odd Schema"."Odd Table"',
    ],
  ],
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
  ["ALTER SCHEMA crm RENAME TO x", alterOfCrm],
  ["ALTER SCHEMA crm OWNER TO x", alterOfCrm],
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
];

describe("classifyStatement", () => {
  it.each(table)("asks for what defines objects: %s", (sql, expected) => {
    expect(asks(sql)).toEqual([...expected].sort());
  });

  it("refuses to ask about more objects of a schema than it can", () => {
    const catalog = sketchCatalog(
      Array.from({ length: 1_001 }, (_, number) => ({ name: `t${number}`, schema: "crm", columns: "id:integer" })),
    );
    const index = indexCatalog(catalog, "shop");
    expect(asks("DROP SCHEMA crm CASCADE", { index })).toEqual(["refused 54000"]);
    expect(asks("DROP SCHEMA crm", { index })).toHaveLength(2);
  });
});

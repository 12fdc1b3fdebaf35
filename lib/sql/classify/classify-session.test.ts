import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../parse";
import { asks } from "./classify-fixture";

beforeAll(() => loadParser());

const table: [string, string[]][] = [
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
  ["REINDEX SCHEMA crm", ["other Database shop", "other shop.crm.customers"]],
  // prepared
  ["PREPARE p AS DELETE FROM orders", ["delete orders no where"]],
  ["EXECUTE missing", ["refused 0A000"]],
];

describe("classifyStatement", () => {
  it.each(table)("asks for privileges, sessions and upkeep: %s", (sql, expected) => {
    expect(asks(sql)).toEqual([...expected].sort());
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { sketchCatalog } from "@/e2e/fixtures/example-catalog";
import { effectiveMasks } from "@/lib/masking/effective-masks";
import { parseMaskingConfig } from "@/lib/masking/parse-masking";
import { indexCatalog } from "./catalog-index";
import { loadParser, parseStatements } from "./parse";
import { applySplices } from "./splices";
import { substitute } from "./substitute";

const index = indexCatalog(
  sketchCatalog(
    [
      { name: "users", columns: "id:integer name ssn" },
      { name: "orders", columns: "id:integer user_id:integer note" },
      { name: "logins", columns: "id:integer email", unique: [1, 2] },
      { name: "ruled", columns: "id:integer", hasRules: true },
      { name: "seen", columns: "id:integer", kind: "v", definition: "SELECT users.id FROM public.users" },
      { name: "partly", columns: "a b ssn" },
      { name: "masked", columns: "x" },
    ],
    { operators: ["<#>"], types: [{ schema: "public", name: "odd", kind: "d", opaque: true }] },
  ),
  "shop",
);
Object.assign(index.byOid(6)?.columns[1] ?? {}, { readable: false });

const parsed = parseMaskingConfig(`
labels: [{ id: l, columns: ["*.*.*.ssn", "*.*.*.email", "*.*.masked.x"] }]
rules: [{ id: r, match: { label: l }, mask: null }]`);
if ("faults" in parsed) throw new Error("bad configuration");
const masks = effectiveMasks({ config: parsed.config, index, groups: [], unmasked: new Set() });

beforeAll(() => loadParser());

function run(sql: string, about: { masked?: boolean; at?: number } = {}) {
  const batch = parseStatements(sql);
  if ("sqlstate" in batch) throw new Error(batch.message);
  const statement = batch.statements[about.at ?? 0]!;
  const { masksFor, principalHasMasks } = masks;
  const plan = substitute({
    batch,
    statement,
    index,
    searchPath: ["public"],
    masksFor,
    principalHasMasks: about.masked ?? principalHasMasks,
  });
  if ("sqlstate" in plan) return { refusal: plan };
  const range = { from: statement.tokenFrom, to: statement.tokenTo };
  return { plan, text: applySplices(sql, batch.tokens, plan.splices, range) };
}
const users = '(SELECT "id", "name", NULL::pg_catalog.text AS "ssn" FROM "public"."users")';
const onlyUsers = users.replace("FROM", "FROM ONLY");

describe("substitute", () => {
  it.each([
    ["SELECT * FROM users", `SELECT * FROM ${users} AS "users"`],
    ["SELECT * FROM users u", `SELECT * FROM ${users} u`],
    ["SELECT * FROM users AS u(a, b)", `SELECT * FROM ${users} AS u(a, b)`],
    ["SELECT * FROM public.users /* here */ u", `SELECT * FROM ${users} /* here */ u`],
    ["SELECT * FROM users *", `SELECT * FROM ${users} AS "users"`],
    ["SELECT * FROM ONLY users", `SELECT * FROM ${onlyUsers} AS "users"`],
    ["SELECT * FROM ONLY (users) u", `SELECT * FROM ${onlyUsers} u`],
    ["TABLE users", `SELECT * FROM ${users} AS "users"`],
    ["TABLE orders", 'TABLE "public"."orders"'],
    ["SELECT 'é', é.ssn FROM users é", `SELECT 'é', é.ssn FROM ${users} é`],
    ["SELECT public.users.ssn FROM users", `SELECT users.ssn FROM ${users} AS "users"`],
    ["SELECT public.orders.id FROM orders", 'SELECT public.orders.id FROM "public"."orders"'],
    ["SELECT count(*) FROM orders", 'SELECT pg_catalog.count(*) FROM "public"."orders"'],
    ["SELECT 1 FROM pg_class", 'SELECT 1 FROM "pg_catalog"."pg_class"'],
    ["WITH users AS (SELECT 1) SELECT * FROM users", "WITH users AS (SELECT 1) SELECT * FROM users"],
    [
      "COPY users (id, ssn) TO STDOUT",
      'COPY (SELECT "id", NULL::pg_catalog.text AS "ssn" FROM ONLY "public"."users") TO STDOUT',
    ],
    ["COPY orders TO STDOUT", 'COPY "public"."orders" TO STDOUT'],
    [
      "SELECT u.id, u.name FROM users u GROUP BY u.id",
      `SELECT u.id, u.name FROM ${users} u GROUP BY  "u"."name",  u.id`,
    ],
    ["SELECT note FROM orders GROUP BY id, note", 'SELECT note FROM "public"."orders" GROUP BY id, note'],
    [
      "SELECT * FROM partly",
      'SELECT * FROM (SELECT "a", NULL::pg_catalog.text AS "ssn" FROM "public"."partly") AS "partly"',
    ],
    ["UPDATE orders SET note = 'x' WHERE id = $1", `UPDATE "public"."orders" SET note = 'x' WHERE id = $1`],
    ["DELETE FROM users WHERE id = 1", 'DELETE FROM "public"."users" WHERE id = 1'],
    ["BEGIN", "BEGIN"],
    ["DROP TABLE users", "DROP TABLE users"],
    ["UNLISTEN *", "UNLISTEN *"],
    ["SELECT pg_advisory_unlock_all()", "SELECT pg_catalog.pg_advisory_unlock_all()"],
  ])("%s", (sql, expected) => {
    expect(run(sql)).toMatchObject({ text: expected });
  });

  it("names masked columns that a statement touches, with their rule", () => {
    expect(run("SELECT id FROM users").plan?.masked).toEqual([]);
    expect(run("SELECT u FROM users u").plan?.masked).toEqual([{ column: "shop.public.users.ssn", rule: "r" }]);
  });

  it("counts result columns where it can", () => {
    expect(run("SELECT *, 1 FROM users").plan?.resultColumns).toBe(4);
    expect(run("SELECT * FROM users JOIN orders USING (id)").plan?.resultColumns).toBe(5);
    expect(run("SELECT * FROM generate_series(1, 2)").plan?.resultColumns).toBeNull();
    expect(run("SELECT * FROM partly").plan?.resultColumns).toBeNull();
  });

  it("leaves statements of principals without masks alone", () => {
    expect(run("SELECT leak(ssn) FROM users", { masked: false })).toMatchObject({
      text: "SELECT leak(ssn) FROM users",
    });
    expect(run("SELECT 1 FROM nosuch", { masked: false }).refusal?.sqlstate).toBe("42P01");
  });

  it("changes one statement of a batch at a time", () => {
    const sql = "SELECT 1; SELECT ssn FROM users; SELECT 2";
    expect(run(sql, { at: 1 }).text).toBe(`SELECT ssn FROM ${users} AS "users"`);
  });

  it.each([
    ["SELECT f(1)", "function f"],
    ["SELECT public.lower('x')", "function public.lower"],
    ["SELECT pg_sleep(1)", "function pg_sleep"],
    ["SELECT current_setting($1)", "function current_setting"],
    ["SELECT current_setting(' COUNTERSIGN.token_key')", "function current_setting"],
    ["SELECT 1 <#> 2", "operator <#>"],
    ["SELECT 'x'::odd", "type odd"],
    ["SELECT * FROM pg_stats", "relation pg_catalog.pg_stats"],
    ["SELECT * FROM pg_newer_than_we_know", "relation pg_catalog.pg_newer_than_we_know"],
    ["SELECT prosrc FROM pg_proc", "column prosrc"],
    ["SELECT xmin FROM users", "system column xmin"],
    ["SELECT 1 FROM users FOR SHARE", "row locks"],
    ["SELECT 1 FROM (SELECT * FROM users) u FOR UPDATE", "row locks"],
    ["SELECT * FROM partly AS p(a, b)", "column alias list"],
    ["SELECT * FROM U&\"users\" UESCAPE '!'", "cannot be substituted"],
    ["SELECT * FROM users u(a) TABLESAMPLE system (1)", "cannot be substituted"],
    ["SELECT ssn INTO x FROM users", "SELECT INTO"],
    ["CREATE TABLE x AS SELECT 1", "CREATE TABLE AS"],
    ["CREATE VIEW x AS SELECT 1", "CREATE VIEW"],
    ["PREPARE p AS SELECT 1", "PREPARE"],
    ["EXECUTE p", "EXECUTE"],
    ["DO 'x'", "DO"],
    ["NOTIFY x", "NOTIFY"],
    ["ALTER TABLE users ADD y text GENERATED ALWAYS AS (ssn) STORED", "ALTER TABLE"],
    ["EXPLAIN CREATE TABLE x AS SELECT 1", "EXPLAIN of CREATE TABLE AS"],
    ["DECLARE c CURSOR WITH HOLD FOR SELECT 1", "WITH HOLD"],
    ["COPY users TO '/tmp/x'", "COPY with a file or program"],
    ["COPY users TO PROGRAM 'x'", "COPY with a file or program"],
    ["COPY logins FROM STDIN", "would test its values"],
    ["SHOW ALL", "SHOW ALL"],
    ["INSERT INTO logins VALUES (1, 'a')", "would test its values"],
    ["UPDATE logins SET email = 'a'", "would test its values"],
    ["MERGE INTO logins USING orders o ON true WHEN NOT MATCHED THEN INSERT VALUES (1, 'a')", "would test its values"],
    ["INSERT INTO orders (note) TABLE masked", "would be written into orders"],
    ["INSERT INTO orders (note) SELECT x FROM (SELECT min(ssn) x FROM users) s", "would be written into orders"],
    ["UPDATE orders SET note = (SELECT ssn FROM users LIMIT 1)", "would be written into orders"],
    [
      "MERGE INTO orders USING users u ON true WHEN MATCHED THEN UPDATE SET note = u.ssn",
      "would be written into orders",
    ],
    ["UPDATE users SET name = ssn", "reads masked column ssn"],
    ["UPDATE users SET name = '' WHERE users IS NULL", "reads masked column ssn"],
    ["UPDATE users SET name = '' RETURNING *", "reads masked column ssn"],
    ["DELETE FROM users WHERE ssn LIKE 'a%'", "reads masked column ssn"],
    ["DELETE FROM users RETURNING old.ssn", "reads masked column ssn"],
    ["WITH d AS (DELETE FROM users RETURNING ssn) SELECT 1", "reads masked column ssn"],
    ["MERGE INTO users u USING orders o ON u.ssn = o.note WHEN MATCHED THEN DELETE", "reads masked column ssn"],
    ["UPDATE users SET name = '' WHERE CURRENT OF c", "WHERE CURRENT OF"],
    ["UPDATE seen SET id = 1", "the view seen"],
    ["DELETE FROM ruled", "the rules of ruled"],
  ])("refuses %s", (sql, message) => {
    const { refusal } = run(sql);
    expect(refusal?.sqlstate).toBe("0A000");
    expect(refusal?.message).toContain(message);
    expect(refusal?.hint.length).toBeGreaterThan(10);
  });

  it("allows writes that neither read nor test what is masked", () => {
    for (const sql of [
      "UPDATE users SET ssn = 'x' WHERE id = 1",
      "INSERT INTO users VALUES (1, 'a', 'b') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING id",
      "COPY users FROM STDIN WHERE ssn = 'x'",
      "INSERT INTO logins (id) VALUES (1) RETURNING id",
      "INSERT INTO orders (note) SELECT name FROM users WHERE ssn IS NOT NULL",
      "UPDATE orders SET note = u.name FROM users u WHERE u.id = orders.user_id",
      "DELETE FROM orders USING users u WHERE u.ssn = orders.note RETURNING orders.*",
    ]) {
      expect({ sql, refusal: run(sql).refusal }).toEqual({ sql, refusal: undefined });
    }
  });
});

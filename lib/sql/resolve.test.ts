import { beforeAll, describe, expect, it } from "vitest";
import { sketchCatalog } from "@/e2e/fixtures/example-catalog";
import { indexCatalog } from "./catalog-index";
import { loadParser, parseStatements } from "./parse";
import { resolveReferences } from "./resolve";

const index = indexCatalog(
  sketchCatalog(
    [
      { name: "users", columns: "id name ssn" },
      { name: "orders", columns: "id user_id note" },
      { name: "users", schema: "crm", columns: "id phone" },
    ],
    {
      functions: [
        {
          oid: 1,
          schema: "public",
          name: "leak",
          arguments: "",
          language: "sql",
          volatility: "v",
          kind: "f",
          definitionHash: "",
        },
      ],
    },
  ),
  "shop",
);

beforeAll(() => loadParser());

function resolve(sql: string, searchPath = ["public"]) {
  const batch = parseStatements(sql);
  if ("sqlstate" in batch) throw new Error(batch.message);
  return resolveReferences({ statement: batch.statements[0]!, batch, index, searchPath });
}
const short = (ids: string[]) =>
  ids
    .map((id) => id.replace(/^shop\.public\./, ""))
    .sort()
    .join(" ");
const columns = (sql: string) => short(resolve(sql).columns);
const relations = (sql: string) => short(resolve(sql).relations.map((use) => use.id));

describe("relations", () => {
  it.each([
    ["WITH users AS (SELECT 1) SELECT * FROM users", ""],
    ["WITH users AS (SELECT * FROM users) SELECT * FROM users", "users"],
    ["WITH RECURSIVE users AS (SELECT 1 AS n UNION SELECT n FROM users) SELECT * FROM users", ""],
    ["WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a", "missing b"],
    ["WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a", ""],
    ["WITH users AS (SELECT 1) SELECT * FROM public.users", "users"],
    ["WITH users AS (SELECT 1) SELECT (SELECT count(*) FROM users)", ""],
    ["SELECT (WITH users AS (SELECT 1) SELECT 1 FROM users), ssn FROM users", "users"],
    ["WITH a AS (WITH users AS (SELECT 1) SELECT * FROM users) SELECT * FROM a, users", "users"],
    ["WITH users AS (SELECT 1) INSERT INTO users SELECT 1 FROM users", "users"],
    ["WITH orders AS (SELECT 1) DELETE FROM users USING orders", "users"],
    ["WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x", "orders"],
    ["SELECT 1 UNION SELECT id FROM users", "users"],
    ["SELECT * FROM users u, LATERAL (SELECT * FROM orders WHERE user_id = u.id) o", "orders users"],
    ["VALUES ((SELECT 1 FROM users))", "users"],
    ["TABLE orders", "orders"],
    ["SELECT ARRAY(SELECT id FROM users)", "users"],
    [
      "SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM users)) OVER (ORDER BY (SELECT 1 FROM orders))",
      "orders users",
    ],
    ["MERGE INTO orders USING users ON true WHEN MATCHED THEN DELETE", "orders users"],
    ["EXPLAIN ANALYZE SELECT * FROM users", "users"],
    ["COPY users TO STDOUT", "users"],
    ["CREATE TABLE x AS SELECT * FROM users", "users"],
    ["CREATE VIEW users AS SELECT * FROM orders", "orders users"],
  ])("%s", (sql, expected) => {
    const references = resolve(sql);
    if (expected.startsWith("missing ")) expect(references.refusal?.sqlstate).toBe("42P01");
    else {
      expect(references.refusal).toBeUndefined();
      expect(relations(sql)).toBe(expected);
    }
  });

  it("says what a relation is used for", () => {
    const roles = (sql: string) => resolve(sql).relations.map((use) => `${use.name} ${use.role}`);
    expect(roles("UPDATE orders SET note = '' FROM users u")).toEqual(["orders target", "users source"]);
    expect(roles("SELECT 1 FROM users FOR UPDATE")).toEqual(["users source", "users locked"]);
  });

  it("resolves along the search path", () => {
    expect(resolve("SELECT * FROM users", ["crm", "public"]).relations[0]?.id).toBe("shop.crm.users");
  });

  it("counts positions in characters", () => {
    expect(resolve("SELECT 'é😀', 1 FROM nosuch").refusal).toMatchObject({ sqlstate: "42P01", position: 21 });
  });
});

describe("columns", () => {
  it.each([
    ["SELECT name FROM users", "users.name"],
    ["SELECT * FROM users", "users.id users.name users.ssn"],
    ["SELECT u FROM users u", "users.id users.name users.ssn"],
    ["SELECT row_to_json(u) FROM users u", "users.id users.name users.ssn"],
    ["SELECT (u).ssn FROM users u", "users.id users.name users.ssn"],
    ["SELECT users FROM users", "users.id users.name users.ssn"],
    ["SELECT id FROM users, orders", "orders.id users.id"],
    ["SELECT u.id FROM users u, orders", "users.id"],
    ["SELECT 1 FROM users JOIN orders USING (id)", "orders.id users.id"],
    ["SELECT 1 FROM users NATURAL JOIN orders", "orders.id users.id"],
    ["SELECT s.a FROM (SELECT ssn AS a, name FROM users) s", "users.name users.ssn"],
    ["SELECT t.b FROM users AS t(a, b)", "users.name"],
    ["SELECT j.ssn FROM (users CROSS JOIN orders) AS j", "users.ssn"],
    ["SELECT (SELECT note FROM orders WHERE user_id = users.id) FROM users", "orders.note orders.user_id users.id"],
    ["SELECT (SELECT ssn FROM orders LIMIT 1) FROM users", "users.ssn"],
    ["SELECT x FROM users u, unnest(ARRAY[u.ssn]) x", "users.ssn"],
    ["SELECT 1 FROM users ORDER BY ssn", "users.ssn"],
    ["SELECT name AS ssn FROM users ORDER BY ssn", "users.name users.ssn"],
    ["SELECT public.users.ssn FROM public.users", "users.ssn"],
    ["DELETE FROM users WHERE id = 1", "users.id users.name users.ssn"],
    ["UPDATE users SET name = 'x' WHERE id = 1", "users.id users.name"],
    ["INSERT INTO users (id, ssn) VALUES (1, 'x') RETURNING name", "users.id users.name users.ssn"],
    ["INSERT INTO users VALUES (1, 'x')", "users.id users.name"],
    ["INSERT INTO users (id) VALUES (1) ON CONFLICT (ssn) DO NOTHING", "users.id users.ssn"],
    ["TRUNCATE users", "users.id users.name users.ssn"],
    ["SELECT ssn(u) FROM users u", "users.id users.name users.ssn"],
  ])("%s", (sql, expected) => {
    expect(columns(sql)).toBe(expected);
  });

  it("knows which columns of a written relation are read", () => {
    const reads = (sql: string) => short([...resolve(sql).targetReads]);
    expect(reads("UPDATE users SET ssn = 'x' WHERE id = 1 RETURNING name")).toBe("users.id users.name");
    expect(reads("UPDATE users SET name = u.ssn FROM users u WHERE u.id = users.id")).toBe("users.id");
    expect(reads("DELETE FROM users RETURNING old.*")).toBe("users.id users.name users.ssn");
    expect(reads("INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.ssn")).toBe(
      "users.id",
    );
    expect(reads("UPDATE users SET name = '' RETURNING WITH (OLD AS o) o.ssn")).toBe("users.ssn");
  });
});

describe("names", () => {
  it("finds functions, attribute calls, operators and types", () => {
    const found = resolve("SELECT o.leak, lower(note), 1 === 2, note::crm.kind FROM orders o ORDER BY note USING ~>");
    expect(found.functions.map((use) => use.name)).toEqual(["leak", "lower"]);
    expect(found.operators.map((use) => use.name)).toEqual(["===", "~>"]);
    expect(found.types).toEqual([{ schema: "crm", name: "kind" }]);
  });

  it("finds system columns and what is locked", () => {
    expect(resolve("SELECT ctid FROM users").systemColumns[0]).toMatchObject({ name: "ctid" });
    expect(resolve("SELECT 1 FROM users, orders o FOR UPDATE OF o").locks[0]?.map((item) => item.name)).toEqual(["o"]);
  });

  it("sees source text and settings in system relations, however they are reached", () => {
    const sees = (sql: string) => resolve(sql).sensitiveColumns.length > 0;
    expect(sees("SELECT proname FROM pg_proc")).toBe(false);
    for (const sql of [
      "SELECT prosrc FROM pg_proc",
      "SELECT p.prosrc FROM pg_proc p",
      "SELECT * FROM pg_proc",
      "SELECT p FROM pg_proc p",
      "SELECT p.* FROM pg_class, pg_proc p",
      "SELECT j.prosrc FROM (pg_proc CROSS JOIN pg_class) j",
      "SELECT c FROM pg_proc AS p(a, b, c)",
      "SELECT 1 FROM pg_proc JOIN (SELECT ''::text prosrc) x USING (prosrc)",
    ]) {
      expect({ sql, sees: sees(sql) }).toEqual({ sql, sees: true });
    }
  });
});

describe("origins", () => {
  const origins = (sql: string) =>
    resolve(sql).output.columns.map(({ origin }) => (origin.unknown ? "unknown" : short([...origin.columns])));
  it.each([
    ["SELECT 1, name, upper(name) || ssn FROM users", ["", "users.name", "users.name users.ssn"]],
    ["SELECT name FROM users UNION SELECT note FROM orders", ["orders.note users.name"]],
    [
      "WITH RECURSIVE t(a, b) AS (SELECT name, '' FROM users UNION ALL SELECT b, a FROM t) SELECT * FROM t",
      ["users.name", "users.name"],
    ],
    ["SELECT leak(name) FROM users", ["unknown"]],
    ["SELECT v.x FROM (VALUES ((SELECT ssn FROM users))) v(x)", ["users.ssn"]],
    ["SELECT CASE WHEN ssn = '' THEN 1 END FROM users", ["users.ssn"]],
  ])("%s", (sql, expected) => {
    expect(origins(sql)).toEqual(expected);
  });
});

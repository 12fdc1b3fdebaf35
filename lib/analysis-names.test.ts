import { beforeAll, describe, expect, it } from "vitest";
import { sketchCatalog } from "@/e2e/fixtures/example-catalog";
import { analyzeText, type CompiledAnalysis, compileAnalysis } from "./analysis";
import type { AnalysisInput, Plan } from "./analysis-types";
import type { Catalog } from "./sql/catalog";
import { loadParser } from "./sql/parse";

const catalog = sketchCatalog(
  [
    { name: "users", columns: "id:integer" },
    { schema: "hidden", name: "users", columns: "id:integer" },
    { schema: "hidden", name: "only_there", columns: "id:integer" },
    { schema: "app", name: "users", columns: "id:integer" },
    { name: "pg_vault", columns: "id:integer" },
  ],
  { schemas: ["public", "hidden", "app"] },
);
const [temporary] = sketchCatalog([{ schema: "pg_temp_3", name: "only_there", columns: "id:integer" }]).relations;
const files = {
  "main.cedar": `
    @id("all") permit (principal, action, resource in Database::"shop");
    @id("no") forbid (principal, action, resource in Schema::"shop.hidden");`,
};

let compiled: CompiledAnalysis;

beforeAll(async () => {
  await loadParser();
  const databases = [{ name: "shop", labels: {}, catalog }];
  compiled = compileAnalysis({ snapshotVersion: "1", bundle: { version: 1, files }, groups: [], databases });
});

function plan(sql: string, change: Partial<AnalysisInput> = {}, analysis = compiled): Plan {
  return analyzeText(analysis, {
    principal: { kind: "agent", name: "bot", groups: [], owner: "o@example.com" },
    database: "shop",
    session: { clientAddress: "127.0.0.1", applicationName: "", tls: false, inTransaction: false, breakGlass: false },
    time: { epochSeconds: 0, hour: 0, weekday: 4 },
    usage: { rowsLastHour: 0, statementsLastHour: 0 },
    grants: [],
    sql,
    searchPath: ["public"],
    role: "somebody",
    overlay: [],
    waived: [],
    kept: {},
    prepared: {},
    ...change,
  });
}

describe("names behind a change of the path in one batch", () => {
  it.each([
    ["SET search_path = hidden; SELECT * FROM users", ["shop.hidden.users"], "deny"],
    ["SET search_path = 'hidden', public; SELECT * FROM users", ["shop.hidden.users"], "deny"],
    ["SET SCHEMA 'hidden'; SELECT * FROM users", ["shop.hidden.users"], "deny"],
    ["BEGIN; SET LOCAL search_path = hidden; SELECT * FROM users; COMMIT", ["shop.hidden.users"], "deny"],
    ["SELECT set_config('search_path', 'hidden', false); SELECT * FROM users", ["shop.hidden.users"], "deny"],
    ['SET search_path = "$user", public; SET ROLE app; SELECT * FROM users', ["shop.app.users"], "allow"],
    ["SELECT * FROM users; SET search_path = hidden", ["shop.public.users"], "allow"],
  ])("are those of the new path: %s", (sql, tables, effect) => {
    expect(plan(sql)).toMatchObject({ tables, decision: { effect } });
  });

  it.each([
    "RESET search_path; SELECT * FROM users",
    "SET search_path TO DEFAULT; SELECT * FROM users",
    "RESET ALL; SELECT * FROM users",
    "DISCARD ALL; SELECT * FROM users",
    "SET ROLE NONE; SELECT * FROM users",
    "BEGIN; SET LOCAL search_path = app; COMMIT; SELECT * FROM users",
    "BEGIN; SET search_path = app; ROLLBACK; SELECT * FROM users",
  ])("are refused where the path is known only upstream: %s", (sql) => {
    expect(plan(sql).refusal).toMatchObject({ sqlstate: "0A000" });
  });

  it.each(["RESET ALL; SELECT 1", "RESET ALL; SHOW search_path; COMMIT", "BEGIN; SELECT * FROM users; COMMIT"])(
    "do not matter where none is read: %s",
    (sql) => {
      expect(plan(sql).refusal).toBeUndefined();
    },
  );
});

describe("a temporary relation", () => {
  const overlay = [temporary!];
  it.each([
    ["SELECT * FROM only_there", undefined],
    ["DROP TABLE only_there; SET search_path = hidden; SELECT * FROM only_there", "shop.hidden.only_there"],
    ["DISCARD TEMP; SET search_path = hidden; SELECT * FROM only_there", "shop.hidden.only_there"],
    ["ROLLBACK; SET search_path = hidden; SELECT * FROM only_there", "shop.hidden.only_there"],
  ])("hides nothing once it may be gone: %s", (sql, table) => {
    const { tables } = plan(sql, { overlay });
    expect(tables.at(-1)).toBe(table ?? "shop.pg_temp_3.only_there");
  });
});

describe("a name with the system's prefix", () => {
  it("means the relation that has it", () => {
    expect(plan("SELECT * FROM pg_vault").tables).toEqual(["shop.public.pg_vault"]);
    expect(plan("SELECT * FROM pg_class").tables).toEqual([]);
  });
});

describe("what an approval is bound to", () => {
  it("tells functions of one name in two schemas apart", () => {
    const [one, two] = ["public", "app"].map((schema) => plan("DROP FUNCTION wipe()", { searchPath: [schema] }));
    expect(one?.bindingHash).not.toBe(two?.bindingHash);
  });

  it.each(["SELECT wipe(1)", "CALL wipe(1)", "DELETE FROM users WHERE id = app.wipe(1)", "EXECUTE p"])(
    "changes with the definition of a function: %s",
    (sql) => {
      const hashes = ["one", "one", "two"].map((definitionHash) => {
        const databases = [{ name: "shop", labels: {}, catalog: { ...catalog, functions: [wipe(definitionHash)] } }];
        const other = compileAnalysis({ snapshotVersion: "1", bundle: { version: 1, files }, groups: [], databases });
        return plan(sql, { searchPath: ["app"], prepared: { p: { sql: "SELECT wipe(1)" } } }, other).bindingHash;
      });
      expect(hashes[0]).toBe(hashes[1]);
      expect(hashes[0]).not.toBe(hashes[2]);
    },
  );
});

function wipe(definitionHash: string): Catalog["functions"][number] {
  const named = { oid: 90, schema: "app", name: "wipe", arguments: "integer" };
  return { ...named, language: "sql", volatility: "v", kind: "f", definitionHash };
}

describe("what a statement does to cursors", () => {
  it.each([
    ["DECLARE c CURSOR FOR SELECT 1", { declares: { name: "c", hold: false } }],
    ['DECLARE "C" CURSOR WITH HOLD FOR SELECT 1', { declares: { name: "C", hold: true } }],
    ["FETCH ALL FROM c", { fetches: "c" }],
    ["MOVE c", { fetches: "c" }],
    ["CLOSE c", { closes: "c" }],
    ["CLOSE ALL", { closes: null }],
    ["DISCARD ALL", { closes: null }],
  ])("is told: %s", (sql, effects) => {
    expect(plan(sql).statements[0]).toMatchObject(effects);
  });
});

describe("the effects of a statement on names", () => {
  it.each([
    ["DEALLOCATE p", { deallocates: "p" }],
    ["DEALLOCATE ALL", { deallocates: null }],
    ["DISCARD ALL", { deallocates: null }],
    ["EXECUTE p", { executes: ["p"], readsNames: true }],
    ["EXPLAIN EXECUTE p", { executes: ["p"] }],
    ["SET ROLE x", { movesNames: true }],
  ])("are told: %s", (sql, effects) => {
    expect(plan(sql, { prepared: { p: { sql: "SELECT 1" } } }).statements[0]).toMatchObject(effects);
  });
});

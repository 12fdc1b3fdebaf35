import { beforeAll, describe, expect, it } from "vitest";
import { sketchCatalog } from "@/e2e/fixtures/example-catalog";
import { analyzeText, type CompiledAnalysis, compileAnalysis, decideConnect } from "./analysis";
import type { AnalysisInput } from "./analysis-types";
import { lexTokens, type Tokens } from "./sql/lex";
import { loadParser } from "./sql/parse";
import { applySplices } from "./sql/splices";

const files = {
  "main.cedar": `
    @id("read") permit (principal, action in Action::"read", resource);
    @id("write") permit (principal in Group::"writers", action in Action::"write", resource);
    @id("session") permit (principal, action in Action::"session", resource);
    @id("no-drop") @reason("tables stay") forbid (principal, action == Action::"drop", resource);
    @id("hold-delete") @hold("security") @wait("60s") forbid (principal, action == Action::"delete", resource)
      unless { context.session.breakGlass };
    @id("hold-update") @hold("owners") @wait("30s") forbid (principal, action == Action::"update", resource);
    @id("see-mail") permit (principal in Group::"fraud", action == Action::"unmask", resource in Label::"pii.email");
    @id("never-see") forbid (principal in Group::"interns", action == Action::"unmask", resource);`,
  "masking.yaml": `
labels: [{ id: pii.email, columns: ["*.*.*.email"] }]
rules: [{ id: mask-email, match: { label: pii.email }, mask: email, predicates: mask, unmask: { groups: [clear] } }]
default: { unlabelled: show }
`,
};
const catalog = sketchCatalog([
  { name: "customers", columns: "id:integer email:text" },
  { name: "orders", columns: "id:integer note:text" },
]);
const groups = ["writers", "security", "owners", "fraud", "interns", "clear"];

let compiled: CompiledAnalysis;

beforeAll(async () => {
  await loadParser();
  const databases = [{ name: "shop", labels: { env: "production" }, catalog }];
  compiled = compileAnalysis({ snapshotVersion: "7", bundle: { version: 1, files }, groups, databases });
});

function input(sql: string, change: Partial<AnalysisInput> & { groups?: string[] } = {}): AnalysisInput {
  const { groups: memberships = ["writers"], ...rest } = change;
  return {
    principal: { kind: "agent", name: "bot", groups: memberships, owner: "o@example.com" },
    database: "shop",
    session: { clientAddress: "127.0.0.1", applicationName: "", tls: false, inTransaction: false, breakGlass: false },
    time: { epochSeconds: 0, hour: 0, weekday: 4 },
    usage: { rowsLastHour: 0, statementsLastHour: 0 },
    grants: [],
    sql,
    searchPath: ["public"],
    role: "app",
    overlay: [],
    waived: [],
    kept: { "countersign.reason": "it's me" },
    prepared: {},
    ...rest,
  };
}

const plan = (sql: string, change: Parameters<typeof input>[1] = {}) => analyzeText(compiled, input(sql, change));
const upstreamText = (sql: string, change: Parameters<typeof input>[1] = {}): string => {
  const splices = plan(sql, change).statements.flatMap((statement) => statement.splices);
  return applySplices(sql, lexTokens(sql) as Tokens, splices);
};

describe("a batch", () => {
  it.each([
    ["SELECT 1; SELECT 2", "allow", ["read"]],
    ["SELECT 1; DELETE FROM orders", "hold", ["hold-delete"]],
    ["DELETE FROM orders; DROP TABLE orders", "deny", ["no-drop"]],
    ["DELETE FROM orders; UPDATE orders SET id = 1", "hold", ["hold-delete", "hold-update"]],
  ])("takes the strictest decision: %s", (sql, effect, policies) => {
    expect(plan(sql).decision).toMatchObject({ effect, policies });
  });

  it("adds up what its holds demand", () => {
    const { decision } = plan("DELETE FROM orders; UPDATE orders SET id = 1");
    expect(decision).toMatchObject({
      terms: {
        waitSeconds: 30,
        quorum: [
          { group: "security", count: 1 },
          { group: "owners", count: 1 },
        ],
      },
    });
  });

  it("is held no more for the policies that an approval waives", () => {
    const sql = "DELETE FROM orders; UPDATE orders SET id = 1";
    expect(plan(sql, { waived: ["hold-delete"] }).decision).toMatchObject({
      effect: "hold",
      policies: ["hold-update"],
    });
    expect(plan(sql, { waived: ["hold-delete", "hold-update"] }).decision.effect).toBe("allow");
  });

  it("tells later statements of settings that earlier ones set", () => {
    const set = "SET countersign.reason = 'nobody else is awake now'; SET countersign.break_glass = on; ";
    expect(plan(`${set}DELETE FROM orders`).decision.effect).toBe("allow");
    expect(plan("DELETE FROM orders").decision.effect).toBe("hold");
  });
});

describe("masks", () => {
  it("put a masked relation in the place of the real one", () => {
    const sql = "SELECT email FROM customers";
    expect(upstreamText(sql)).not.toBe(sql);
    expect(plan(sql)).toMatchObject({ masksApply: true, labels: ["pii.email"] });
    expect(plan(sql).statements[0]?.masked).toEqual([{ column: "shop.public.customers.email", rule: "mask-email" }]);
  });

  it.each([
    ["a rule's group", ["clear"], false],
    ["a policy", ["fraud"], false],
    ["a rule's group against a forbid", ["clear", "interns"], true],
    ["a policy against a forbid", ["fraud", "interns"], true],
  ])("fall for %s: %s, masked %s", (_what, memberships, masked) => {
    expect(plan("SELECT email FROM customers", { groups: memberships }).masksApply).toBe(masked);
  });

  it("belong to what an approval is bound to", () => {
    const sql = "SELECT * FROM customers";
    expect(plan(sql).bindingHash).not.toBe(plan(sql, { groups: ["clear"] }).bindingHash);
    expect(plan(sql).bindingHash).toBe(plan(sql, { time: { epochSeconds: 9, hour: 9, weekday: 1 } }).bindingHash);
  });
});

describe("refusals before any policy", () => {
  it.each([
    ["SELECT FROM WHERE", "42601"],
    ["SELECT * FROM nowhere", "42P01"],
    ["SHOW countersign.token_key", "22023"],
    ["EXECUTE nothing", "0A000"],
  ])("%s is %s", (sql, sqlstate) => {
    expect(plan(sql).refusal).toMatchObject({ sqlstate });
  });

  it("names the policy and not the construct where both say no", () => {
    const refused = plan("DROP TABLE customers");
    expect(refused.refusal).toBeUndefined();
    expect(refused.decision).toMatchObject({ effect: "deny", sqlstate: "42501" });
  });

  it("cannot decide about a database whose catalog was never read", () => {
    const blind = compileAnalysis({
      snapshotVersion: "1",
      bundle: { version: 1, files },
      groups,
      databases: [{ name: "shop", labels: {}, catalog: null }],
    });
    expect(analyzeText(blind, input("SELECT 1")).refusal).toMatchObject({ sqlstate: "ZS003" });
  });
});

describe("the broker's own settings", () => {
  it.each([
    ["SET countersign.reason = 'x'", "SET standard_conforming_strings TO on"],
    ["RESET countersign.reason", "RESET standard_conforming_strings"],
    ["SHOW countersign.reason", `SELECT 'it''s me'::pg_catalog.text AS "countersign.reason"`],
    ["SELECT 1; SET countersign.wait = 3; SELECT 2", "SELECT 1; SET standard_conforming_strings TO on; SELECT 2"],
  ])("%s never reaches the upstream", (sql, expected) => {
    expect(upstreamText(sql, { groups: ["clear"] })).toBe(expected);
    expect(plan(sql).reuse).toBe("never");
  });
});

describe("reuse", () => {
  it.each([
    ["SELECT * FROM orders WHERE id = 1", "shape"],
    ["SET work_mem = '1MB'", "text"],
    ["PREPARE p AS SELECT 1", "never"],
  ])("of the plan of %s is by %s", (sql, reuse) => {
    expect(plan(sql, { groups: ["clear"] }).reuse).toBe(reuse);
  });

  it("follows EXECUTE into what it executes", () => {
    const prepared = { p: { sql: "PREPARE p AS DELETE FROM orders" } };
    expect(plan("EXECUTE p", { groups: ["clear", "writers"], prepared }).decision.effect).toBe("hold");
  });
});

describe("connecting", () => {
  it("is asked of the policies", () => {
    const { sql: _sql, ...asked } = input("");
    expect(decideConnect(compiled, asked).effect).toBe("allow");
    const closed = compileAnalysis({ snapshotVersion: "1", bundle: null, groups: [], databases: [] });
    expect(decideConnect(closed, asked).effect).toBe("deny");
  });
});

describe("a bundle that does not compile", () => {
  it("is an error that names the fault", () => {
    const bundle = { version: 1, files: { "a.cedar": "permit (" } };
    expect(() => compileAnalysis({ snapshotVersion: "1", bundle, groups: [], databases: [] })).toThrow("a.cedar");
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { ActionName } from "@/lib/sql/types";
import { compileBundle } from "./bundle";
import { decide, mayConnect } from "./decide";
import { peopleNeeded } from "./hold-terms";
import { sampleAsk, sampleInput } from "./sample-input";
import type { BundleFiles, DecisionInput, Principal } from "./types";

const folder = fileURLToPath(new URL("../../policies/", import.meta.url));
const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length).replace(/^\/+/, ""));
const files: BundleFiles = Object.fromEntries(names.map((name) => [name, readFileSync(folder + name, "utf8")]));
const groups = [
  "security",
  "data-owners",
  "agents",
  "read-only",
  "maintenance",
  "schema-owners",
  "fraud",
  "break-glass",
  "support",
  "analysts",
];

const compilation = compileBundle({ files, groups });
const reporting: Principal = {
  kind: "agent",
  name: "reporting-agent",
  groups: ["agents", "read-only"],
  owner: "o@example.com",
};
const maintenance: Principal = {
  kind: "agent",
  name: "maintenance-agent",
  groups: ["agents", "maintenance"],
  owner: "o@example.com",
};
const engineer: Principal = { kind: "person", name: "engineer@example.com", groups: [] };
const breaker: Principal = { kind: "person", name: "engineer@example.com", groups: ["break-glass"] };

function decided(principal: Principal, actions: ActionName[], over: Partial<DecisionInput> = {}) {
  if (!compilation.ok) throw new Error("the example bundle does not compile");
  return decide(
    compilation.bundle,
    sampleInput({ principal, asks: actions.map((action) => sampleAsk(action)), ...over }),
  ).decision;
}

describe("the example bundle", () => {
  it("compiles without a warning", () => {
    expect(compilation).toMatchObject({ ok: true, warnings: [] });
    expect(compilation.ok && compilation.bundle.tests.length).toBeGreaterThan(10);
  });

  it.each([reporting, maintenance, engineer])("lets $name connect and read", (principal) => {
    expect(compilation.ok && mayConnect(compilation.bundle, sampleInput({ principal }))).toMatchObject({
      effect: "allow",
    });
    expect(decided(principal, ["select"])).toMatchObject({ effect: "allow" });
  });

  it.each<ActionName>(["drop", "delete", "insert", "call", "grant", "vacuum"])(
    "keeps the reporting agent from %s",
    (action) => {
      expect(decided(reporting, [action])).toMatchObject({ effect: "deny" });
    },
  );

  it("needs exactly one reviewer of security for a delete of orders, at any hour", () => {
    for (let hour = 0; hour < 24; hour++) {
      const decision = decided(maintenance, ["delete", "select"], { time: { epochSeconds: 1, hour, weekday: 1 } });
      expect(decision, `hour ${hour}`).toMatchObject({
        effect: "hold",
        terms: { quorum: [{ group: "security", count: 1 }], also: [], waitSeconds: 120 },
      });
    }
  });

  it("needs two people for a delete of personal data", () => {
    const statement = { ...sampleInput().statement, sensitivity: ["pii.email", "pii.name"] };
    const decision = decided(maintenance, ["delete"], { statement });
    expect(decision).toMatchObject({ effect: "hold", terms: { also: ["data-owners"], severity: "high" } });
    expect(decision.effect === "hold" && peopleNeeded(decision.terms)).toBe(2);
  });

  it("refuses schema changes to everybody but break-glass", () => {
    expect(decided(maintenance, ["alter"])).toMatchObject({ effect: "deny", policies: ["no-ddl-in-production"] });
    expect(decided(breaker, ["alter"])).toMatchObject({ effect: "deny" });
    const session = { ...sampleInput().session, breakGlass: true, reason: "the site is down, see incident 7" };
    expect(decided(breaker, ["alter"], { session })).toMatchObject({ effect: "allow" });
  });
});

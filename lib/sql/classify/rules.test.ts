import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { statementRules } from "./rules";

const types = readFileSync(
  join(createRequire(import.meta.url).resolve("@pgsql/types/package.json"), "../types.d.ts"),
  "utf8",
);
const grammar = [...types.matchAll(/^export interface (\w+Stmt)\b/gm)].map((match) => match[1] as string);

/** Node kinds that end in Stmt and never stand at the top of a statement. */
const inside: Record<string, string> = {
  RawStmt: "wraps every statement",
  SetOperationStmt: "made by parse analysis",
  ReturnStmt: "the body of a function",
  PLAssignStmt: "PL/pgSQL only",
  ReplicaIdentityStmt: "a command of ALTER TABLE",
  ExecuteStmt: "followed into what it executes",
};

describe("statementRules", () => {
  it("has a rule for every kind of statement in the grammar", () => {
    expect(grammar.length).toBeGreaterThan(110);
    expect(grammar.filter((tag) => !statementRules.has(tag) && !Object.hasOwn(inside, tag))).toEqual([]);
  });

  it("has no rule for a kind that the grammar does not know", () => {
    expect([...statementRules.keys()].filter((tag) => !grammar.includes(tag))).toEqual([]);
  });
});

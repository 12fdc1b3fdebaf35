import type { ActionName } from "@/lib/sql/types";
import { BoundedMap } from "./bounded-map";
import type { ActionPolicies, CompiledBundle, CompiledPolicy, SourcePolicy } from "./compiled";
import { everyExpression } from "./entity-literals";
import { actionNames } from "./schema";
import { coversAction, scopeOf } from "./scope";
import { readSettings } from "./settings";
import { combineReads, policyReads } from "./volatile";

const answersMax = 8192;
const sliceReadsMax = 2048;

let bundlesCompiled = 0;

/** Indexes checked policies by action, so that a request is asked of those that can match and no others. */
export function compilePolicies(
  sources: readonly SourcePolicy[],
  parts: Pick<CompiledBundle, "masking" | "access" | "tests">,
): CompiledBundle {
  const policies = sources.map(
    (source, index): CompiledPolicy => ({
      ...source,
      index,
      effect: source.json.effect,
      settings: readSettings(source.json).settings,
      scope: scopeOf(source.json),
      reads: policyReads(source.json),
      conditions: { principal: mentions(source, "principal"), resource: mentions(source, "resource") },
    }),
  );
  bundlesCompiled += 1;
  return {
    ...parts,
    policies,
    byId: new Map(policies.map((policy) => [policy.id, policy])),
    byAction: new Map(actionNames.map((action) => [action, policiesOfAction(policies, action)])),
    reads: combineReads(policies.filter((policy) => policy.settings.mode !== "off").map((policy) => policy.reads)),
    answers: new BoundedMap(answersMax),
    sliceReads: new BoundedMap(sliceReadsMax),
    serial: bundlesCompiled,
  };
}

function mentions(source: SourcePolicy, variable: "principal" | "resource"): boolean {
  return everyExpression(source.json).some((expression) => (expression as { Var?: unknown }).Var === variable);
}

function policiesOfAction(policies: readonly CompiledPolicy[], action: ActionName): ActionPolicies {
  const covering = policies.filter((policy) => coversAction(policy.scope, action));
  return {
    enforced: covering.filter((policy) => policy.settings.mode === "enforce"),
    observed: covering.filter((policy) => policy.settings.mode === "observe"),
  };
}

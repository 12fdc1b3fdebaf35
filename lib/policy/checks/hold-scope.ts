import type { EntityScope, SourcePolicy } from "../compiled";
import { actionsNamed, actionsThatCannotWait } from "../schema";
import { namedActions, scopeOf } from "../scope";
import { annotationsOf, type BundleCheck, policyFault } from "./bundle-check";

const typesBelowDatabase = ["Schema", "Table", "Function", "Column"];

/** Only a forbid can hold, and only what a client can be kept waiting for. */
export const checkHoldScope: BundleCheck = (policies) =>
  policies.flatMap((policy) => {
    if (!("hold" in annotationsOf(policy))) return [];
    if (policy.json.effect === "permit") {
      return [policyFault(policy, "@hold belongs on a forbid; a permit cannot hold", { annotation: "hold" })];
    }
    const waitless = cannotWait(policy);
    if (waitless.length === 0) return [];
    const message = `@hold cannot be on ${waitless.join(", ")}: nobody can be kept waiting there; name the actions to hold`;
    return [policyFault(policy, message, { annotation: "hold" })];
  });

function cannotWait(policy: SourcePolicy): readonly string[] {
  const named = namedActions(policy.json.action);
  if (named) {
    const actions = named.flatMap(actionsNamed);
    return actionsThatCannotWait.filter((action) => actions.includes(action));
  }
  // Sessions, settings and transactions ask on a database: an open scope below one never meets them.
  const { resource } = scopeOf(policy.json);
  return typesBelowDatabase.includes(typeOf(resource)) ? [] : actionsThatCannotWait;
}

function typeOf(scope: EntityScope): string {
  if (scope.op === "any") return "";
  if (scope.op !== "eq" && scope.type !== null) return scope.type;
  return scope.op === "is" ? scope.type : scope.uid.slice(0, scope.uid.indexOf("::"));
}

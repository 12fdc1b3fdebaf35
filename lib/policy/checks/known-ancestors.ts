import type { Expr } from "@cedar-policy/cedar-wasm/nodejs";
import { everyExpression } from "../entity-literals";
import { type BundleCheck, policyFault } from "./bundle-check";

const withAncestors = ["principal", "action", "resource"];

/**
 * A request carries the ancestors of its principal, action and resource and of nothing else: `in` on any
 * other entity would be false in silence. Nor are attributes of an entity that a policy spells out known.
 */
export const checkKnownAncestors: BundleCheck = (policies) =>
  policies.flatMap((policy) =>
    everyExpression(policy.json).flatMap((expression) => {
      const node = expression as Record<string, { left?: Expr; right?: Expr; in?: Expr } | undefined>;
      const climbs = (node.in?.right && node.in.left) ?? (node.is?.in && node.is.left);
      if (climbs && !isKnown(climbs)) {
        const message =
          '"in" works on principal, action and resource only: the groups of others are not part of a request';
        return [policyFault(policy, message)];
      }
      const access = node["."] ?? node.has;
      if (access?.left && isEntityLiteral(access.left)) {
        return [policyFault(policy, "attributes of an entity that is spelt out are not part of a request")];
      }
      return [];
    }),
  );

function isKnown(expression: Expr): boolean {
  const variable = (expression as { Var?: unknown }).Var;
  return typeof variable === "string" && withAncestors.includes(variable);
}

function isEntityLiteral(expression: Expr): boolean {
  const value = (expression as { Value?: unknown }).Value;
  return typeof value === "object" && value !== null && "__entity" in value;
}

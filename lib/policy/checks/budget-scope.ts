import { policyReads } from "../volatile";
import { annotationsOf, type BundleCheck, policyFault } from "./bundle-check";

/** A budget is a forbid over usage: anything else would tell the client to come back later for no reason. */
export const checkBudgetScope: BundleCheck = (policies) =>
  policies.flatMap((policy) => {
    const annotations = annotationsOf(policy);
    if (!("budget" in annotations)) return [];
    const about = { annotation: "budget" };
    if (policy.json.effect === "permit") return [policyFault(policy, "@budget belongs on a forbid", about)];
    if ("hold" in annotations) return [policyFault(policy, "@budget refuses and @hold waits; choose one", about)];
    const { rowsLastHour, statementsLastHour } = policyReads(policy.json).usage;
    if (rowsLastHour !== "none" || statementsLastHour !== "none") return [];
    return [policyFault(policy, "@budget is for a forbid whose condition reads context.usage", about)];
  });

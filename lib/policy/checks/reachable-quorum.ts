import { reachable } from "@/lib/approval/reachable";
import { combineHolds } from "../hold-terms";
import { readSettings } from "../settings";
import { type BundleCheck, policyFault } from "./bundle-check";

/** Warns of a quorum that the groups' present members cannot make, whoever asks. */
export const checkReachableQuorum: BundleCheck = (policies, { members }) => {
  if (!members) return [];
  return policies.flatMap((policy) => {
    const { hold } = readSettings(policy.json).settings;
    if (!hold || policy.json.effect === "permit") return [];
    if (reachable({ terms: combineHolds([hold]), members, excluded: [] })) return [];
    const message = "its quorum cannot be reached: the groups have too few people";
    return [policyFault(policy, message, { annotation: "hold", severity: "warning" })];
  });
};

import type { SourcePolicy } from "../compiled";
import { annotationsOf, type BundleCheck, policyFault } from "./bundle-check";

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Every policy carries `@id`, unique in the bundle, of characters that stand in records unquoted. */
export const checkPolicyIds: BundleCheck = (policies) => {
  const first = new Map<string, SourcePolicy>();
  return policies.flatMap((policy) => {
    if (!("id" in annotationsOf(policy))) return [policyFault(policy, 'a policy needs @id("…")')];
    if (!idPattern.test(policy.id)) {
      const message = "@id must be 1 to 100 letters, digits, dots, dashes or underscores";
      return [policyFault({ ...policy, id: "" }, message, { annotation: "id" })];
    }
    const earlier = first.get(policy.id);
    first.set(policy.id, earlier ?? policy);
    if (!earlier) return [];
    const message = `@id("${policy.id}") is taken by the policy in ${earlier.file}, line ${earlier.line}`;
    return [policyFault({ ...policy, id: "" }, message, { annotation: "id" })];
  });
};

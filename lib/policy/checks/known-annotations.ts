import { didYouMean } from "../suggest";
import { annotationsOf, type BundleCheck, policyFault } from "./bundle-check";

const holdAnnotations = ["quorum", "also", "expires", "wait", "lasts", "channels", "severity"];
const known = ["id", "hold", ...holdAnnotations, "budget", "reason", "mode"];

/** Cedar ignores annotations, so a misspelt `@hlod` would quietly turn a hold into a denial. */
export const checkKnownAnnotations: BundleCheck = (policies) =>
  policies.flatMap((policy) => {
    const annotations = annotationsOf(policy);
    return Object.entries(annotations).flatMap(([name, value]) => {
      if (!known.includes(name)) {
        return [policyFault(policy, `unknown annotation @${name}${didYouMean(name, known)}`, { annotation: name })];
      }
      if (name !== "id" && (value === null || value.trim() === "")) {
        return [policyFault(policy, `@${name} needs a value, as in @${name}("…")`, { annotation: name })];
      }
      if (holdAnnotations.includes(name) && !("hold" in annotations)) {
        return [policyFault(policy, `@${name} says how to hold, but the policy has no @hold`, { annotation: name })];
      }
      return [];
    });
  });

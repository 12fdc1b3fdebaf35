import { type DetailedError, validate } from "@cedar-policy/cedar-wasm/nodejs";
import { errorText } from "./cedar";
import type { SourcePolicy } from "./compiled";
import { linesInto } from "./read-policies";
import { cedarSchema } from "./schema";
import type { BundleFault } from "./types";

/** Cedar's strict validation against the schema. One fault per place, however many actions it concerns. */
export function validatePolicies(policies: readonly SourcePolicy[]): BundleFault[] {
  const byKey = new Map(policies.map((policy, number) => [`p${number}`, policy]));
  const staticPolicies = Object.fromEntries([...byKey].map(([key, policy]) => [key, policy.text]));
  const answer = validate({ schema: cedarSchema, policies: { staticPolicies } });
  if (answer.type === "failure") {
    return answer.errors.map((error) => ({ file: "", message: errorText(error), severity: "error" }));
  }
  const faults = new Map<string, BundleFault>();
  const collect = (policyId: string, error: DetailedError, severity: BundleFault["severity"]) => {
    const policy = byKey.get(policyId);
    if (!policy) return;
    const place = `${policyId} ${severity} ${error.sourceLocations?.[0]?.start ?? error.message}`;
    if (!faults.has(place)) faults.set(place, faultOf(policy, error, severity));
  };
  for (const { policyId, error } of answer.validationErrors) collect(policyId, error, "error");
  for (const { policyId, error } of answer.validationWarnings) collect(policyId, error, "warning");
  return [...faults.values()];
}

function faultOf(policy: SourcePolicy, error: DetailedError, severity: BundleFault["severity"]): BundleFault {
  const name = policy.id === "" ? "" : `policy ${policy.id}: `;
  const message = errorText(error).replace(/^for policy `[^`]*`, /, "");
  return {
    file: policy.file,
    line: policy.line + linesInto(policy.text, error),
    message: `${name}${message}`,
    severity,
  };
}

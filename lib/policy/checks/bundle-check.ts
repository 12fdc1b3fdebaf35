import type { SourcePolicy } from "../compiled";
import { lineAt } from "../split-policies";
import type { BundleFault } from "../types";

/** What the checks may know beside the policies. */
export type CheckContext = {
  groups: ReadonlySet<string>;
  /** labels that masking.yaml declares */
  labels: ReadonlySet<string>;
  /** people by group, e-mails; absent where nobody can be counted */
  members?: Readonly<Record<string, readonly string[]>>;
};

/** Refuses, or warns of, what Cedar itself accepts. One check, one file. */
export type BundleCheck = (policies: readonly SourcePolicy[], context: CheckContext) => BundleFault[];

/** A fault of a policy, at the line of the annotation that it is about where there is one. */
export function policyFault(
  policy: SourcePolicy,
  message: string,
  about: { annotation?: string; severity?: BundleFault["severity"] } = {},
): BundleFault {
  const at = about.annotation ? policy.text.indexOf(`@${about.annotation}`) : -1;
  const line = policy.line + (at > 0 ? lineAt(policy.text, at) - 1 : 0);
  const name = policy.id === "" ? "" : `policy ${policy.id}: `;
  return { file: policy.file, line, message: `${name}${message}`, severity: about.severity ?? "error" };
}

/** The policy's annotations; null stands for one that has no value. */
export function annotationsOf(policy: SourcePolicy): Record<string, string | null> {
  return policy.json.annotations ?? {};
}

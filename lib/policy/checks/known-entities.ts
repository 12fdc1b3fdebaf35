import { dottedId, parseDottedId } from "@/lib/sql/names";
import type { ResourceType } from "@/lib/sql/types";
import type { SourcePolicy } from "../compiled";
import { entityLiterals } from "../entity-literals";
import { idPartsOf } from "../schema";
import { didYouMean } from "../suggest";
import type { BundleFault } from "../types";
import { annotationsOf, type BundleCheck, type CheckContext, policyFault } from "./bundle-check";

/** A name that nothing carries makes a policy that never applies: groups and ids are checked, labels warned of. */
export const checkKnownEntities: BundleCheck = (policies, context) =>
  policies.flatMap((policy) => [...annotatedGroups(policy, context), ...literals(policy, context)]);

function annotatedGroups(policy: SourcePolicy, { groups }: CheckContext): BundleFault[] {
  const annotations = annotationsOf(policy);
  return ["hold", "also"].flatMap((annotation) => {
    const group = annotations[annotation]?.trim();
    if (!group || groups.has(group)) return [];
    return [policyFault(policy, unknownGroup(group, groups), { annotation })];
  });
}

function literals(policy: SourcePolicy, context: CheckContext): BundleFault[] {
  return entityLiterals(policy.json).flatMap(({ type, id }) => {
    if (type === "Group" && !context.groups.has(id)) return [policyFault(policy, unknownGroup(id, context.groups))];
    if (type === "Label" && !context.labels.has(id)) {
      const message = `label "${id}" is not declared in masking.yaml${didYouMean(id, context.labels)}`;
      return [policyFault(policy, message, { severity: "warning" })];
    }
    if (type === "Person" && id !== id.toLowerCase()) {
      return [policyFault(policy, `people are compared in lower case: write Person::"${id.toLowerCase()}"`)];
    }
    if (type === "DatabaseLabel" && !/^[^=]+=/.test(id)) {
      return [policyFault(policy, `a database label is "key=value", not "${id}"`)];
    }
    const message = Object.hasOwn(idPartsOf, type) ? resourceIdFault(type as ResourceType, id) : null;
    return message === null ? [] : [policyFault(policy, message)];
  });
}

function resourceIdFault(type: ResourceType, id: string): string | null {
  const parts = parseDottedId(id);
  if (!parts) return `${type}::"${id}" is no id: join names by dots, double-quote those that are not plain lower case`;
  const needed = idPartsOf[type];
  if (parts.length !== needed) return `${type}::"${id}" has ${parts.length} parts, but an id of its kind has ${needed}`;
  const canonical = dottedId(...parts);
  return canonical === id ? null : `${type}::"${id}" never matches: the id is written ${canonical}`;
}

function unknownGroup(group: string, groups: ReadonlySet<string>): string {
  return `group "${group}" does not exist${didYouMean(group, groups)}`;
}

import type { AskedRequest } from "./asked-request";
import type { CompiledBundle, CompiledPolicy, EntityScope } from "./compiled";
import { coversAction, matchesEntity } from "./scope";

/** What to do when no policy permits: the permit with the fewest unmet scope parts, and which they are. */
export function nearestPermitHint(bundle: CompiledBundle, request: AskedRequest): string {
  let nearest: CompiledPolicy | undefined;
  let nearestUnmet: string[] = [];
  for (const policy of bundle.policies) {
    if (policy.effect !== "permit" || policy.settings.mode !== "enforce") continue;
    const unmet = unmetParts(policy, request);
    const isFurther = unmet.length > nearestUnmet.length;
    // Of two as near, the one without further conditions is the better advice.
    const isNoNearer = unmet.length === nearestUnmet.length && !(conditions(nearest) > 0 && conditions(policy) === 0);
    if (nearest && (isFurther || isNoNearer)) continue;
    nearest = policy;
    nearestUnmet = unmet;
  }
  if (!nearest || nearestUnmet.length === 3) return "ask an administrator for a policy that permits this";
  if (nearestUnmet.length === 0) return `policy ${nearest.id} would permit it, but its conditions are not met`;
  return `the nearest permit is ${nearest.id}, which asks for ${nearestUnmet.join(" and ")}`;
}

function unmetParts(policy: CompiledPolicy, request: AskedRequest): string[] {
  const { scope } = policy;
  const unmet: string[] = [];
  if (!matchesEntity(scope.principal, request.principal)) unmet.push(`principal ${scopeText(scope.principal)}`);
  if (!coversAction(scope, request.action)) unmet.push(`action ${[...(scope.actions ?? [])].join(", ")}`);
  if (!matchesEntity(scope.resource, request.resource)) unmet.push(`resource ${scopeText(scope.resource)}`);
  return unmet;
}

function conditions(policy: CompiledPolicy | undefined): number {
  return policy?.json.conditions.length ?? 0;
}

function scopeText(scope: EntityScope): string {
  switch (scope.op) {
    case "any":
      return "of any kind";
    case "is":
      return `is ${scope.type}`;
    case "eq":
      return `== ${quotedUid(scope.uid)}`;
    case "in":
      return `${scope.type === null ? "" : `is ${scope.type} `}in ${quotedUid(scope.uid)}`;
  }
}

function quotedUid(uid: string): string {
  const at = uid.indexOf("::");
  return `${uid.slice(0, at)}::${JSON.stringify(uid.slice(at + 2))}`;
}

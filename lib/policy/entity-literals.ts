import type { EntityUidJson, Expr, PolicyJson, TypeAndId } from "@cedar-policy/cedar-wasm/nodejs";

/** Every entity that a policy spells out, in its scope and its conditions; actions left out. */
export function entityLiterals(policy: PolicyJson): TypeAndId[] {
  const found = [...scopeLiterals(policy.principal), ...scopeLiterals(policy.resource)];
  for (const expression of everyExpression(policy)) {
    const value = (expression as { Value?: unknown }).Value;
    if (typeof value === "object" && value !== null && "__entity" in value) found.push(value.__entity as TypeAndId);
  }
  const seen = new Set<string>();
  return found.filter(({ type, id }) => {
    const isNew = type !== "Action" && !seen.has(`${type}::${id}`);
    seen.add(`${type}::${id}`);
    return isNew;
  });
}

/** Every expression of the conditions, nested ones too. */
export function everyExpression(policy: PolicyJson): Expr[] {
  const found: Expr[] = [];
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    found.push(node as Expr);
    for (const child of Object.values(node)) visit(child);
  };
  for (const clause of policy.conditions) visit(clause.body);
  return found;
}

function scopeLiterals(constraint: PolicyJson["principal"] | PolicyJson["resource"]): TypeAndId[] {
  if (constraint.op === "All") return [];
  const holder: object | undefined = constraint.op === "is" ? constraint.in : constraint;
  if (!holder || !("entity" in holder)) return [];
  const uid = holder.entity as EntityUidJson;
  return ["__entity" in uid ? uid.__entity : uid];
}

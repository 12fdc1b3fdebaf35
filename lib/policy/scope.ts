import type {
  ActionConstraint,
  EntityUidJson,
  PolicyJson,
  PrincipalConstraint,
  ResourceConstraint,
} from "@cedar-policy/cedar-wasm/nodejs";
import type { ActionName } from "@/lib/sql/types";
import type { EntityScope, PolicyScope } from "./compiled";
import { actionsNamed } from "./schema";

/** An entity of a request: its type, its uid and the uids of everything above it, itself not included. */
export type PlacedEntity = { type: string; uid: string; ancestors: ReadonlySet<string> };

/** A uid as one string: `Type::id`, unescaped. Only ever compared. */
export function uidKey(uid: EntityUidJson): string {
  const plain = "__entity" in uid ? uid.__entity : uid;
  return `${plain.type}::${plain.id}`;
}

/** The scope of a policy in a form that is matched without Cedar. */
export function scopeOf(policy: PolicyJson): PolicyScope {
  return {
    principal: entityScope(policy.principal),
    actions: actionScope(policy.action),
    resource: entityScope(policy.resource),
  };
}

/** The ids that the action part of a scope names, groups not resolved; null when it is left open. */
export function namedActions(action: ActionConstraint): string[] | null {
  if (action.op === "All") return null;
  if ("entities" in action) return action.entities.map(idOf);
  return "entity" in action ? [idOf(action.entity)] : [];
}

/** True when the scope part holds for the entity, exactly as Cedar answers it. */
export function matchesEntity(scope: EntityScope, entity: PlacedEntity): boolean {
  switch (scope.op) {
    case "any":
      return true;
    case "is":
      return entity.type === scope.type;
    case "eq":
      return entity.uid === scope.uid;
    case "in":
      if (scope.type !== null && scope.type !== entity.type) return false;
      return entity.uid === scope.uid || entity.ancestors.has(scope.uid);
  }
}

/** True when the scope covers the action. An open scope or a group never covers `unmask`. */
export function coversAction(scope: PolicyScope, action: ActionName): boolean {
  if (scope.actions === null) return action !== "unmask";
  return scope.actions.has(action);
}

function actionScope(action: ActionConstraint): ReadonlySet<ActionName> | null {
  const named = namedActions(action);
  if (named === null) return null;
  // `action == Action::"read"` names the group itself, which is never asked about.
  if (action.op === "==") return new Set(named.flatMap(actionsNamed).filter((name) => named.includes(name)));
  return new Set(named.flatMap(actionsNamed));
}

function entityScope(constraint: PrincipalConstraint | ResourceConstraint): EntityScope {
  switch (constraint.op) {
    case "All":
      return { op: "any" };
    case "==":
      if ("entity" in constraint) return { op: "eq", uid: uidKey(constraint.entity) };
      break;
    case "in":
      if ("entity" in constraint) return { op: "in", uid: uidKey(constraint.entity), type: null };
      break;
    case "is":
      if (!constraint.in) return { op: "is", type: constraint.entity_type };
      if ("entity" in constraint.in) {
        return { op: "in", uid: uidKey(constraint.in.entity), type: constraint.entity_type };
      }
      break;
  }
  // Templates are refused by the loader; a scope that is not understood must be asked of Cedar.
  return { op: "any" };
}

function idOf(uid: EntityUidJson): string {
  return "__entity" in uid ? uid.__entity.id : uid.id;
}

import type { EntityJson } from "@cedar-policy/cedar-wasm/nodejs";
import { dottedId, parseDottedId } from "@/lib/sql/names";
import type { Resource } from "@/lib/sql/types";
import { idPartsOf } from "./schema";
import type { PlacedEntity } from "./scope";
import type { DecisionInput, Principal } from "./types";

/** An entity of a request with what Cedar is given about it. */
export type RequestEntity = PlacedEntity & {
  id: string;
  entity: EntityJson;
  /** all of it as one string: equal keys, equal entities */
  key: string;
};

const levels = ["Database", "Schema", "Table"] as const;

/** The principal below all its groups, inherited ones included; null when it is not fully known. */
export function principalEntity(principal: Principal): RequestEntity | null {
  const parents = principal.groups.map((name) => ({ type: "Group", id: name }));
  if (principal.name === "") return null;
  if (principal.kind === "person") {
    return requestEntity({ type: "Person", id: principal.name, attrs: { email: principal.name }, parents });
  }
  if (!principal.owner) return null;
  const attrs = { owner: { type: "Person", id: principal.owner } };
  return requestEntity({ type: "Agent", id: principal.name, attrs, parents });
}

/**
 * The resource below its table, schema, database and the database's labels; a column below its labels
 * too. Null when the id is not one of the database's.
 *
 * INVARIANT: every ancestor is named on the entity itself, so that no `in` is false for want of a link.
 */
export function resourceEntity(
  resource: Resource,
  database: DecisionInput["database"],
  labels: readonly string[] = [],
): RequestEntity | null {
  const parts = parseDottedId(resource.id);
  if (!parts || parts.length !== idPartsOf[resource.type] || dottedId(...parts) !== resource.id) return null;
  if (parts[0] !== database.name) return null;
  const parents: { type: string; id: string }[] = levels
    .slice(0, parts.length - 1)
    .map((type, depth) => ({ type, id: dottedId(...parts.slice(0, depth + 1)) }));
  for (const [key, value] of Object.entries(database.labels)) {
    parents.push({ type: "DatabaseLabel", id: `${key}=${value}` });
  }
  if (resource.type === "Column") parents.push(...labels.map((id) => ({ type: "Label", id })));
  return requestEntity({ type: resource.type, id: resource.id, attrs: {}, parents });
}

/** People that a policy can reach through an attribute: the agent's owner, and whom the session claims to act for. */
export function peopleOf(input: { principal: Principal; session: { onBehalfOf?: string } }): EntityJson[] {
  const emails = new Set<string>();
  if (input.principal.kind === "agent" && input.principal.owner) emails.add(input.principal.owner);
  if (input.session.onBehalfOf !== undefined) emails.add(input.session.onBehalfOf);
  if (input.principal.kind === "person") emails.delete(input.principal.name);
  return [...emails].map((email) => ({ uid: { type: "Person", id: email }, attrs: { email }, parents: [] }));
}

function requestEntity(about: {
  type: string;
  id: string;
  attrs: EntityJson["attrs"];
  parents: { type: string; id: string }[];
}): RequestEntity {
  const { type, id, attrs, parents } = about;
  const entity = { uid: { type, id }, attrs, parents };
  return {
    type,
    id,
    uid: `${type}::${id}`,
    ancestors: new Set(parents.map((parent) => `${parent.type}::${parent.id}`)),
    entity,
    key: JSON.stringify(entity),
  };
}

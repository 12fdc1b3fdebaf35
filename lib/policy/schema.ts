import type { ActionName, Resource, ResourceType } from "@/lib/sql/types";

/**
 * The Cedar schema that every policy is validated against. It is a published contract: policies of
 * other people are written against it, so it only ever grows.
 */
export const cedarSchema = `// Principals
entity Group in [Group];
entity Person in [Group] = { email: String };
entity Agent  in [Group] = { owner: Person };

// Resources. Ids are the dotted quoted-identifier path: "shop", "shop.public", "shop.public.orders",
// "shop.public.customers.email", "shop.public.refresh_totals". DatabaseLabel ids are "key=value".
entity DatabaseLabel;
entity Database in [DatabaseLabel];
entity Schema   in [Database];
entity Table    in [Schema];
entity Function in [Schema];
entity Label;
entity Column   in [Table, Label];

type Session = {
  clientAddress: ipaddr, applicationName: String, tls: Bool, inTransaction: Bool,
  onBehalfOf?: Person, reason?: String, breakGlass: Bool
};
type Time  = { epochSeconds: Long, hour: Long, weekday: Long };      // UTC; weekday 1 = Monday
type Usage = { rowsLastHour: Long, statementsLastHour: Long };
type Base  = { session: Session, time: Time, usage: Usage, grants: Set<String> };
type Statement = {
  kind: String, fingerprint: String, statementsInBatch: Long, tables: Set<Table>,
  hasWhere: Bool, whereIsConstant: Bool, estimatedRows?: Long
};
type OnStatement = { session: Session, time: Time, usage: Usage, grants: Set<String>,
                     sensitivity: Set<Label>, statement: Statement };

action read, write, ddl, privilege, routine, session, system;

action select, copyOut, explain             in [read]      appliesTo { principal: [Person, Agent], resource: [Table, Database], context: OnStatement };
action insert, update, delete, merge, copyIn in [write]    appliesTo { principal: [Person, Agent], resource: [Table], context: OnStatement };
action create, alter, drop, truncate, comment, index, refresh in [ddl] appliesTo { principal: [Person, Agent], resource: [Table, Function, Schema, Database], context: OnStatement };
action grant, revoke, role, security        in [privilege] appliesTo { principal: [Person, Agent], resource: [Table, Function, Schema, Database], context: OnStatement };
action call, executeBlock                   in [routine]   appliesTo { principal: [Person, Agent], resource: [Function, Database], context: OnStatement };
action connect                              in [session]   appliesTo { principal: [Person, Agent], resource: [Database], context: Base };
action set, listen, lock, transaction       in [session]   appliesTo { principal: [Person, Agent], resource: [Table, Database], context: OnStatement };
action vacuum, analyze, copyProgram, other  in [system]    appliesTo { principal: [Person, Agent], resource: [Table, Database], context: OnStatement };
action unmask                                              appliesTo { principal: [Person, Agent], resource: [Column], context: OnStatement };
`;

/** Actions by action group; `unmask` belongs to none, so that no group can grant it. */
export const actionGroups = {
  read: ["select", "copyOut", "explain"],
  write: ["insert", "update", "delete", "merge", "copyIn"],
  ddl: ["create", "alter", "drop", "truncate", "comment", "index", "refresh"],
  privilege: ["grant", "revoke", "role", "security"],
  routine: ["call", "executeBlock"],
  session: ["connect", "set", "listen", "lock", "transaction"],
  system: ["vacuum", "analyze", "copyProgram", "other"],
} as const satisfies Record<string, readonly ActionName[]>;

/** Every action of the schema. */
export const actionNames: readonly ActionName[] = [...Object.values(actionGroups).flat(), "unmask"];

/** Actions that a client cannot be kept waiting in: no policy may hold them. */
export const actionsThatCannotWait: readonly ActionName[] = ["connect", "set", "transaction", "unmask"];

/** How many parts the dotted id of a resource has. */
export const idPartsOf: Record<ResourceType, number> = { Database: 1, Schema: 2, Table: 3, Function: 3, Column: 4 };

/** The actions that an id in an action scope stands for: itself, or the members of a group. */
export function actionsNamed(id: string): readonly ActionName[] {
  const group = (actionGroups as Record<string, readonly ActionName[]>)[id];
  if (group && Object.hasOwn(actionGroups, id)) return group;
  return actionNames.filter((name) => name === id);
}

/** A resource as Cedar writes it, e.g. `Table::"shop.public.orders"`. */
export function resourceText(resource: Resource): string {
  return `${resource.type}::${JSON.stringify(resource.id)}`;
}

/** A resource as people read it in a sentence: its id, as only the database's is a bare name. */
export function resourceName(resource: Resource): string {
  return resource.type === "Database" ? `database ${resource.id}` : resource.id;
}

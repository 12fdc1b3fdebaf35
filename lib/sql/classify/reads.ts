import { dottedId } from "../names";
import { systemRelation } from "../system-relations";
import { walk } from "../walk";
import { isInformation } from "./calls";
import { ask, type Classification, databaseResource } from "./classification";

/** What the statement reads, wherever that stands, and what it locks. */
export function askReads(c: Classification): void {
  for (const relation of c.references.relations) {
    const reads = relation.role === "source" || relation.role === "locked" || isReadTarget(c, relation.id);
    if (relation.role !== "named" && reads) ask(c, "select", { type: "Table", id: relation.id });
    if (relation.role === "locked") ask(c, "lock", { type: "Table", id: relation.id });
  }
  for (const { schema, name } of c.references.systemRelations) {
    if (systemRelation(schema, name).access === "harmless") continue;
    ask(c, "select", { type: "Table", id: dottedId(c.index.databaseName, schema, name) });
  }
  askRowLocks(c);
}

/** WHERE, SET and RETURNING read the relation that a statement writes. */
function isReadTarget(c: Classification, relationId: string): boolean {
  for (const column of c.references.targetReads) if (column.startsWith(`${relationId}.`)) return true;
  return c.references.systemColumns.some(({ relation }) => {
    return dottedId(c.index.databaseName, relation.schema, relation.name) === relationId;
  });
}

/** FOR UPDATE and its kin. Locking a subquery locks what it reads (parse_clause in analyze.c, transformLockingClause). */
function askRowLocks(c: Classification): void {
  for (const items of c.references.locks) {
    const locksInside = items.some((item) => item.relation === null);
    for (const item of items) {
      if (item.relation === null) continue;
      ask(c, "lock", { type: "Table", id: dottedId(c.index.databaseName, item.relation.schema, item.relation.name) });
    }
    if (!locksInside) continue;
    for (const relation of c.references.relations) {
      if (relation.role === "source") ask(c, "lock", { type: "Table", id: relation.id });
    }
  }
}

/**
 * A SELECT that reads no relation asks `select` on the Database; not so one that only asks for session information,
 * which every driver does when it starts.
 */
export function askSelectOfNothing(c: Classification, asksBefore: number): void {
  if (!c.selects || c.asks.length > asksBefore || c.references.systemRelations.length > 0) return;
  if (c.references.functions.some(isInformation) || readsSessionValue(c)) return;
  ask(c, "select", databaseResource(c));
}

const sessionValues = new Set([
  "SVFOP_CURRENT_ROLE",
  "SVFOP_CURRENT_USER",
  "SVFOP_USER",
  "SVFOP_SESSION_USER",
  "SVFOP_CURRENT_CATALOG",
  "SVFOP_CURRENT_SCHEMA",
]);

function readsSessionValue(c: Classification): boolean {
  let found = false;
  walk(c.fields, (tag, fields) => {
    if (tag === "SQLValueFunction" && sessionValues.has(String(fields.op))) found = true;
  });
  return found;
}

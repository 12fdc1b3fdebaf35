import type { ActionName } from "../types";
import { fieldsOf, isTree, listOf, type Tree, walk } from "../walk";
import { ask, type Classification, rangeVarNames, rangeVarResource, refuse, type WhereFacts } from "./classification";
import { conditionFacts, unconditional } from "./where-facts";

/** INSERT has no WHERE; ON CONFLICT's update reaches the proposed row only. */
const byKey: WhereFacts = { hasWhere: true, whereIsConstant: false };

/** INSERT, UPDATE, DELETE and MERGE wherever they stand: at the top, in a CTE, under EXPLAIN, COPY, PREPARE. */
export function askWrites(c: Classification): void {
  let first = true;
  walk({ [c.node]: c.fields }, (tag, fields) => {
    if (!dataModifying.has(tag) || !isTree(fields.relation)) return;
    const target = fields.relation;
    if (isSystemTarget(c, target)) {
      refuse(c, "0A000", `${rangeVarNames(target).name} cannot be written to`, "Use SET, GRANT or DDL instead.");
      return;
    }
    const where = statementFacts(c, tag, fields);
    if (first) c.where = where;
    first = false;
    for (const [action, facts] of actionsOf(c, tag, fields, where)) ask(c, action, rangeVarResource(c, target), facts);
  });
}

const dataModifying = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

function isSystemTarget(c: Classification, target: Tree): boolean {
  return c.references.systemRelations.some((use) => use.node === target);
}

function actionsOf(c: Classification, tag: string, fields: Tree, where: WhereFacts): [ActionName, WhereFacts][] {
  switch (tag) {
    case "UpdateStmt":
      return [["update", where]];
    case "DeleteStmt":
      return [["delete", where]];
    case "MergeStmt":
      return [["merge", where], ...mergeActions(c, fields)];
    default: {
      const conflict = isTree(fields.onConflictClause) ? fields.onConflictClause : undefined;
      const updates = conflict?.action === "ONCONFLICT_UPDATE";
      return updates
        ? [
            ["insert", unconditional],
            ["update", byKey],
          ]
        : [["insert", unconditional]];
    }
  }
}

const mergeCommands: Record<string, ActionName> = { CMD_INSERT: "insert", CMD_UPDATE: "update", CMD_DELETE: "delete" };

function mergeActions(c: Classification, fields: Tree): [ActionName, WhereFacts][] {
  return listOf(fields.mergeWhenClauses).flatMap((entry): [ActionName, WhereFacts][] => {
    const clause = fieldsOf(entry, "MergeWhenClause") ?? {};
    const action = mergeCommands[String(clause.commandType)];
    if (action === undefined) return [];
    if (action === "insert") return [[action, unconditional]];
    // Rows that no source row matches are picked by the clause's own condition alone.
    const bySource = clause.matchKind === "MERGE_WHEN_NOT_MATCHED_BY_SOURCE";
    const conditions = bySource ? [clause.condition] : [fields.joinCondition, clause.condition];
    return [[action, conditionFacts(c, fields, conditions)]];
  });
}

function statementFacts(c: Classification, tag: string, fields: Tree): WhereFacts {
  if (tag === "InsertStmt") return unconditional;
  return conditionFacts(c, fields, [tag === "MergeStmt" ? fields.joinCondition : fields.whereClause]);
}

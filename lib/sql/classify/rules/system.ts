import { fieldsOf, isTree, listOf } from "../../walk";
import { ask, databaseResource, rangeVarResource, type StatementRule } from "../classification";
import { askContents } from "../schema-contents";

/** Upkeep of the server and its storage. */
export const systemRules: Record<string, StatementRule> = {
  VacuumStmt: (c, fields) => {
    const action = fields.is_vacuumcmd === true ? "vacuum" : "analyze";
    c.kind = action;
    for (const entry of listOf(fields.rels)) {
      const relation = fieldsOf(entry, "VacuumRelation")?.relation;
      ask(c, action, isTree(relation) ? rangeVarResource(c, relation) : databaseResource(c));
    }
    if (listOf(fields.rels).length === 0) ask(c, action, databaseResource(c));
  },
  CheckPointStmt: other,
  ClusterStmt: other,
  LoadStmt: other,
  ReindexStmt: (c, fields) => {
    other(c);
    if (fields.kind === "REINDEX_OBJECT_SCHEMA") askContents(c, "other", String(fields.name ?? ""));
  },
};

function other(c: Parameters<StatementRule>[0]): void {
  c.kind = "other";
  ask(c, "other", databaseResource(c));
}

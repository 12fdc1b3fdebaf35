import { isTree, type Tree, unwrap } from "../../walk";
import {
  ask,
  type Classification,
  databaseResource,
  refuse,
  type StatementRule,
  targetSchema,
} from "../classification";

/** Statements that read or write rows, and those that hold one of them. What they read, write and call is asked apart. */
export const rowRules: Record<string, StatementRule> = {
  SelectStmt: (c, fields) => {
    c.kind = "select";
    c.selects = true;
    askInto(c, fields.intoClause);
  },
  InsertStmt: (c) => {
    c.kind = "insert";
  },
  UpdateStmt: (c) => {
    c.kind = "update";
  },
  DeleteStmt: (c) => {
    c.kind = "delete";
  },
  MergeStmt: (c) => {
    c.kind = "merge";
  },
  ExplainStmt: (c, fields) => {
    inner(c, fields);
    c.kind = "explain";
    const tables = c.references.relations.filter((relation) => relation.role !== "named");
    for (const relation of tables) ask(c, "explain", { type: "Table", id: relation.id });
    if (tables.length === 0) ask(c, "explain", databaseResource(c));
  },
  DeclareCursorStmt: (c, fields) => inner(c, fields),
  PrepareStmt: (c, fields) => {
    c.literalMatters = true;
    inner(c, fields);
  },
  CreateTableAsStmt: (c, fields) => {
    inner(c, fields);
    askInto(c, fields.into);
  },
  ViewStmt: (c, fields) => {
    inner(c, fields);
    c.kind = "create";
    c.changesCatalog = true;
    if (isTree(fields.view)) ask(c, "create", targetSchema(c, fields.view));
  },
};

/** The statement inside: SELECT, one that writes, CREATE TABLE AS; EXECUTE is followed by the caller. */
function inner(c: Classification, fields: Tree): void {
  const node = unwrap(fields.query);
  if (node?.tag === "ExecuteStmt") {
    c.kind = "select";
    return;
  }
  const rule = node === undefined ? undefined : rowRules[node.tag];
  if (node === undefined || rule === undefined) {
    refuse(c, "0A000", "this statement cannot stand inside another one", "Send it by itself.");
    return;
  }
  rule(c, node.fields);
}

/** SELECT INTO and CREATE TABLE AS make a relation of what they read. */
function askInto(c: Classification, into: unknown): void {
  if (!isTree(into) || !isTree(into.rel)) return;
  c.kind = "create";
  c.changesCatalog = true;
  ask(c, "create", targetSchema(c, into.rel));
}

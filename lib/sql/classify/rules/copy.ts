import { isTree, unwrap } from "../../walk";
import { ask, type Classification, databaseResource, rangeVarResource, type StatementRule } from "../classification";

/** COPY: rows leave or come in as a whole; through a program or a file of the server it is the server that is used. */
export const copyRules: Record<string, StatementRule> = {
  CopyStmt: (c, fields) => {
    const comesIn = fields.is_from === true;
    c.kind = comesIn ? "copyIn" : "copyOut";
    if (fields.is_program === true || typeof fields.filename === "string") {
      c.kind = "copyProgram";
      ask(c, "copyProgram", databaseResource(c));
    }
    if (comesIn) {
      if (isTree(fields.relation)) ask(c, "copyIn", rangeVarResource(c, fields.relation));
      return;
    }
    c.selects = unwrap(fields.query)?.tag === "SelectStmt";
    askCopyOut(c);
  },
};

function askCopyOut(c: Classification): void {
  const relations = c.references.relations.filter((relation) => relation.role !== "named");
  for (const relation of relations) ask(c, "copyOut", { type: "Table", id: relation.id });
  const reads = relations.length > 0 || c.references.systemRelations.length > 0;
  if (!reads) ask(c, "copyOut", databaseResource(c));
}

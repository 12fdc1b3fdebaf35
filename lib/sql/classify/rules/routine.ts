import { isTree, listOf, strings } from "../../walk";
import { ask, databaseResource, functionResources, qualified, type StatementRule } from "../classification";

/** Code that the analysis cannot see into. */
export const routineRules: Record<string, StatementRule> = {
  DoStmt: (c) => {
    c.kind = "executeBlock";
    c.literalMatters = true;
    c.changesCatalog = true;
    ask(c, "executeBlock", databaseResource(c));
  },
  CallStmt: (c, fields) => {
    c.kind = "call";
    c.changesCatalog = true;
    const call = isTree(fields.funccall) ? fields.funccall : {};
    const { schema, name } = qualified(strings(listOf(call.funcname)));
    for (const resource of functionResources(c, schema, name)) ask(c, "call", resource);
  },
};

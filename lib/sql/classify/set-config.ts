import { fieldsOf, listOf, type Tree } from "../walk";
import { ask, type Classification, databaseResource, refuse } from "./classification";
import { noteSetting } from "./setting-change";

/**
 * set_config(name, value, is_local) is SET in a function. The broker must know what is set, so the name has to stand
 * there as a literal; settings that it follows itself must certainly be set when the statement ends well, so the call
 * has to stand alone in a SELECT without FROM or conditions.
 */
export function noteSetConfig(c: Classification, call: Tree): void {
  ask(c, "set", databaseResource(c));
  c.literalMatters = true;
  const [nameNode, valueNode, localNode] = listOf(call.args);
  const name = literalText(nameNode);
  const value = literalText(valueNode);
  const local = literalFlag(localNode);
  if (name === undefined || local === undefined) {
    refuse(c, "0A000", "set_config needs literal arguments here", "Write the setting's name and is_local as literals.");
    return;
  }
  const key = name.toLowerCase();
  if (key.startsWith("countersign.")) {
    refuse(c, "0A000", `${key} is set with SET only`, `Use SET ${key} = '…'.`);
    return;
  }
  if (key === "role" || key === "session_authorization") ask(c, "role", databaseResource(c));
  noteSetting(c, { name: key, value: value ?? null, local }, value === undefined || !standsAlone(c));
}

function literalText(node: unknown): string | undefined {
  const cast = fieldsOf(node, "TypeCast");
  const constant = fieldsOf(cast?.arg ?? node, "A_Const");
  if (constant === undefined || !("sval" in constant)) return undefined;
  return String((constant.sval as Tree | null)?.sval ?? "");
}

function literalFlag(node: unknown): boolean | undefined {
  const constant = fieldsOf(node, "A_Const");
  if (constant !== undefined && "boolval" in constant) return (constant.boolval as Tree | null)?.boolval === true;
  const text = literalText(node)?.toLowerCase();
  if (text === "t" || text === "true" || text === "on") return true;
  return text === "f" || text === "false" || text === "off" ? false : undefined;
}

/** SELECT set_config(…), … and nothing else: it runs exactly once. */
function standsAlone(c: Classification): boolean {
  if (c.node !== "SelectStmt") return false;
  const clauses = [
    "fromClause",
    "whereClause",
    "limitCount",
    "limitOffset",
    "withClause",
    "havingClause",
    "valuesLists",
  ];
  if (clauses.some((clause) => c.fields[clause] !== undefined) || c.fields.op !== "SETOP_NONE") return false;
  return listOf(c.fields.targetList).every((target) => {
    const value = fieldsOf(target, "ResTarget")?.val;
    return fieldsOf(value, "FuncCall") !== undefined || fieldsOf(value, "A_Const") !== undefined;
  });
}

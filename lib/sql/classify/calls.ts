import { effectivePath } from "../catalog-index";
import { functionClass, literalMattersTo } from "../functions";
import { dottedId } from "../names";
import type { FunctionUse } from "../resolve-context";
import { fieldsOf, listOf, walk } from "../walk";
import { ask, type Classification, functionResources } from "./classification";
import { noteSetConfig } from "./set-config";

/** information_schema's own functions, which JDBC's and psql's statements on its views use. */
const informationSchemaFunctions =
  /^_pg_(?:expandarray|index_position|truetypid|truetypmod|char_max_length|char_octet_length|numeric_\w+|datetime_precision|interval_type)$/;

/** What the statement calls. Pure functions and session information pass; everything else asks `call`. */
export function askCalls(c: Classification): void {
  for (const use of c.references.functions) {
    const isSetConfig = use.name === "set_config" && (use.schema === null || use.schema === "pg_catalog");
    if (isSetConfig && use.node !== null) noteSetConfig(c, use.node);
    if (use.schema === null || use.schema === "pg_catalog") {
      if (literalMattersTo(use.name)) c.literalMatters = true;
    }
    for (const id of calledFunctions(c, use)) {
      if (isShow(c, use, id)) continue;
      if (isSetConfig && id === dottedId(c.index.databaseName, "pg_catalog", "set_config")) continue;
      ask(c, "call", { type: "Function", id });
    }
  }
  for (const { schema, name } of c.references.operators) {
    // OPERATOR(schema.name) outside pg_catalog runs whatever function somebody put behind it.
    if (schema === null || schema === "pg_catalog") continue;
    ask(c, "call", { type: "Function", id: dottedId(c.index.databaseName, schema, name) });
  }
  noteLiteralCasts(c);
}

/** current_setting of a literal is SHOW in a function, and whoever may connect may SHOW. */
function isShow(c: Classification, use: FunctionUse, id: string): boolean {
  if (id !== dottedId(c.index.databaseName, "pg_catalog", "current_setting")) return false;
  const name = listOf(use.node?.args)[0];
  return fieldsOf(fieldsOf(name, "TypeCast")?.arg ?? name, "A_Const") !== undefined;
}

/** Ids of the functions that a call may run and that are not known to be harmless. */
function calledFunctions(c: Classification, use: FunctionUse): string[] {
  const { index } = c;
  if (use.schema === "pg_catalog")
    return isListed(use.name) ? [] : [dottedId(index.databaseName, "pg_catalog", use.name)];
  if (use.schema === "information_schema" && informationSchemaFunctions.test(use.name)) return [];
  if (use.schema !== null) return functionResources(c, use.schema, use.name).map((one) => one.id);
  // Overloads are not told apart here, so everything of that name along the path counts, pg_catalog's first.
  const path = effectivePath(index, c);
  const own = index.functionsNamed(use.name).filter((one) => path.includes(one.schema));
  const ids = new Set(own.map((one) => dottedId(index.databaseName, one.schema, one.name)));
  // An attribute written like a column is a call only where a function of ours has the name.
  if (use.node === null || isListed(use.name)) return [...ids];
  const known = functionClass(use.name);
  if (known !== "unknown" || ids.size === 0) ids.add(dottedId(index.databaseName, "pg_catalog", use.name));
  if (known === "unknown" && own.length === 0) {
    for (const resource of functionResources(c, undefined, use.name)) ids.add(resource.id);
  }
  return [...ids];
}

function isListed(name: string): boolean {
  const known = functionClass(name);
  return known === "pure" || known === "info" || known === "source";
}

/** Whether a call only asks for session information. */
export function isInformation(use: FunctionUse): boolean {
  const known = functionClass(use.name);
  return (
    (use.schema === null || use.schema === "pg_catalog") &&
    known !== "pure" &&
    (isListed(use.name) || known === "setting")
  );
}

const nameTypes = new Set(
  "regclass regproc regprocedure regoper regoperator regtype regrole regnamespace regcollation".split(" "),
);

/** `'orders'::regclass` names a relation in a literal. */
function noteLiteralCasts(c: Classification): void {
  walk(c.fields, (tag, fields) => {
    if (tag !== "TypeCast") return;
    const type = JSON.stringify(fields.typeName ?? "");
    for (const name of nameTypes) if (type.includes(`"sval":"${name}"`)) c.literalMatters = true;
  });
}

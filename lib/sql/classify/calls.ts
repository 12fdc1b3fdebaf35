import { effectivePath } from "../catalog-index";
import { functionClass, literalMattersTo } from "../functions";
import { dottedId } from "../names";
import type { FunctionUse } from "../resolve-context";
import { walk } from "../walk";
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
      if (isSetConfig && id === dottedId(c.index.databaseName, "pg_catalog", "set_config")) continue;
      ask(c, "call", { type: "Function", id });
    }
  }
  noteLiteralCasts(c);
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
  return known === "pure" || known === "info";
}

/** Whether a call only asks for session information. */
export function isInformation(use: FunctionUse): boolean {
  return (use.schema === null || use.schema === "pg_catalog") && functionClass(use.name) === "info";
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

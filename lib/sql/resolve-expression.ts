import { functionClass } from "./functions";
import { columnOrigin, noteAttributeCall } from "./resolve-column";
import { type FunctionUse, type NameUse, noteOperator, type Resolution } from "./resolve-context";
import { type Env, type Origin, type RangeItem, union, unknownOrigin } from "./scope";
import { listOf, locationOf, strings, type Tree, unwrap } from "./walk";

/**
 * Node kinds whose value depends on nothing but their parts. Every other kind that turns up in an expression is
 * visited all the same, but its value has an unknown origin.
 */
const composed: ReadonlySet<string> = new Set(
  `A_ArrayExpr A_Const A_Expr A_Indices A_Star BitString BoolExpr Boolean BooleanTest CaseExpr CaseWhen CoalesceExpr
  CollateClause ColumnDef DefElem Float GroupingFunc GroupingSet IndexElem Integer JsonAggConstructor JsonArgument
  JsonArrayAgg JsonArrayConstructor JsonArrayQueryConstructor JsonBehavior JsonFormat JsonFuncExpr JsonIsPredicate
  JsonKeyValue JsonObjectAgg JsonObjectConstructor JsonOutput JsonParseExpr JsonReturning JsonScalarExpr
  JsonSerializeExpr JsonTable JsonTableColumn JsonTablePathSpec JsonValueExpr List MergeSupportFunc MinMaxExpr
  MultiAssignRef NamedArgExpr NullTest ParamRef RangeTableFunc RangeTableFuncCol ResTarget RowExpr SQLValueFunction
  SetToDefault SortBy String TypeCast WindowDef XmlExpr XmlSerialize`.split(/\s+/),
);

const harmless: ReadonlySet<string> = new Set(["pure", "info"]);

/** Operators that a syntax applies without naming them. */
const implied: Record<string, readonly string[]> = {
  AEXPR_BETWEEN: ["<=", ">="],
  AEXPR_BETWEEN_SYM: ["<=", ">="],
  AEXPR_NOT_BETWEEN: ["<", ">"],
  AEXPR_NOT_BETWEEN_SYM: ["<", ">"],
};

/** Kinds that stand for statements of their own inside an expression. */
const statements: ReadonlySet<string> = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Visits an expression, notes what it uses and says where its value comes from. */
export function expressionOrigin(resolution: Resolution, value: unknown, env: Env): Origin {
  if (Array.isArray(value)) return union(value.map((item) => expressionOrigin(resolution, item, env)));
  if (typeof value !== "object" || value === null) return union([]);
  const node = unwrap(value);
  if (node === undefined) return partsOrigin(resolution, value as Tree, env);
  const { tag, fields } = node;
  if (tag === "ColumnRef") return columnOrigin(resolution, fields, env);
  if (statements.has(tag)) {
    const output = resolution.statement(tag, fields, env);
    const origins = output.columns.map((column) => column.origin);
    return union(output.open ? [...origins, unknownOrigin] : origins);
  }
  switch (tag) {
    case "FuncCall":
      return callOrigin(resolution, fields, env);
    case "A_Indirection":
      for (const name of strings(fields.indirection)) noteAttributeCall(resolution, name, locationOf(fields));
      return partsOrigin(resolution, fields, env);
    case "A_Expr":
      noteName(resolution.found.operators, operatorName(fields.name));
      for (const name of implied[String(fields.kind)] ?? []) noteOperator(resolution, name);
      return union([expressionOrigin(resolution, fields.lexpr, env), expressionOrigin(resolution, fields.rexpr, env)]);
    case "SubLink":
      noteName(resolution.found.operators, operatorName(fields.operName));
      return union([
        expressionOrigin(resolution, fields.testexpr, env),
        expressionOrigin(resolution, fields.subselect, env),
      ]);
    case "SortBy":
      noteName(resolution.found.operators, operatorName(fields.useOp));
      return expressionOrigin(resolution, fields.node, env);
    default: {
      if (tag === "CaseExpr" && fields.arg !== undefined) noteOperator(resolution, "=");
      if (tag === "TypeName") noteType(resolution, fields);
      const origin = partsOrigin(resolution, fields, env);
      if (composed.has(tag) || tag === "TypeName") return origin;
      resolution.found.unknownKinds.add(tag);
      return { columns: origin.columns, unknown: true };
    }
  }
}

function partsOrigin(resolution: Resolution, fields: Tree, env: Env): Origin {
  const origins: Origin[] = [];
  for (const key in fields) {
    const value = fields[key];
    if (typeof value !== "object" || value === null) continue;
    if (isTypeName(value)) noteType(resolution, value as Tree);
    origins.push(expressionOrigin(resolution, value, env));
  }
  return union(origins);
}

/** A bare TypeName: nothing else in the grammar has names and a typemod. */
function isTypeName(value: object): boolean {
  return "names" in value && "typemod" in value;
}

function callOrigin(resolution: Resolution, fields: Tree, env: Env): Origin {
  const use = noteCall(resolution, fields);
  const parts = partsOrigin(resolution, fields, env);
  // f(t) reads the column f of t where there is no such function.
  const args = listOf(fields.args);
  const attribute = args.length === 1 ? rowArgument(args[0], env) : undefined;
  const column = attribute?.columns.find((one) => one.name === use.name);
  const pure = (use.schema === null || use.schema === "pg_catalog") && harmless.has(functionClass(use.name));
  return {
    columns: union(column === undefined ? [parts] : [parts, column.origin]).columns,
    unknown: parts.unknown || !pure,
  };
}

function rowArgument(value: unknown, env: Env): RangeItem | undefined {
  const node = unwrap(value);
  if (node?.tag !== "ColumnRef") return undefined;
  const name = strings(node.fields.fields).at(-1);
  return env.scope?.items.find((item) => item.name === name);
}

export function noteCall(resolution: Resolution, fields: Tree): FunctionUse {
  const names = strings(fields.funcname);
  const use: FunctionUse = {
    schema: names.length > 1 ? (names.at(-2) ?? null) : null,
    name: names.at(-1) ?? "",
    byteStart: locationOf(fields),
    node: fields,
  };
  if (!resolution.seen.has(fields)) {
    resolution.seen.add(fields);
    resolution.found.functions.push(use);
  }
  return use;
}

function operatorName(value: unknown): NameUse | null {
  const names = strings(value);
  const name = names.at(-1);
  return name === undefined ? null : { schema: names.length > 1 ? (names.at(-2) ?? null) : null, name };
}

function noteName(list: NameUse[], use: NameUse | null): void {
  if (use === null || list.some((one) => one.name === use.name && one.schema === use.schema)) return;
  list.push(use);
}

export function noteType(resolution: Resolution, typeName: Tree): void {
  const use = operatorName(typeName.names);
  if (use !== null && use.schema !== "pg_catalog") noteName(resolution.found.types, use);
}

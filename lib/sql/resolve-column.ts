import { type Resolution, touch } from "./resolve-context";
import {
  derived,
  type Env,
  type Origin,
  type Output,
  type RangeItem,
  systemColumns,
  union,
  unknownOrigin,
  unnamed,
} from "./scope";
import { systemRelation } from "./system-relations";
import { fieldsOf, listOf, locationOf, strings, type Tree, unwrap } from "./walk";

/** The columns that `*`, `t.*` or `s.t.*` stands for; undefined when the reference does not end in a star. */
export function expandStar(resolution: Resolution, columnRef: Tree, env: Env, from: Output): Output | undefined {
  const fields = listOf(columnRef.fields);
  if (unwrap(fields.at(-1))?.tag !== "A_Star") return undefined;
  const names = strings(fields);
  if (names.length === 0) {
    for (const item of env.scope?.items ?? []) wholeRow(resolution, item);
    return from;
  }
  const item = namedItem(resolution, columnRef, names, env);
  if (item === undefined) return { columns: [], open: true };
  wholeRow(resolution, item);
  return { columns: item.columns, open: item.open !== null };
}

/** Resolves a column reference in an expression, counts what it may read, and says where its value comes from. */
export function columnOrigin(resolution: Resolution, columnRef: Tree, env: Env): Origin {
  const fields = listOf(columnRef.fields);
  const names = strings(fields);
  if (unwrap(fields.at(-1))?.tag === "A_Star") {
    const star = expandStar(resolution, columnRef, env, { columns: allColumns(env), open: false });
    return star === undefined || star.open ? unknownOrigin : union(star.columns.map((column) => column.origin));
  }
  const column = names.at(-1);
  if (column === undefined) return unknownOrigin;
  if (names.length === 1) return bareColumn(resolution, column, env);
  const item = namedItem(resolution, columnRef, names.slice(0, -1), env, names);
  if (item === undefined) return unknownOrigin;
  return columnOf(resolution, item, column, locationOf(columnRef)) ?? unknownOrigin;
}

function allColumns(env: Env): Output["columns"] {
  return (env.scope?.items ?? []).flatMap((item) => item.columns);
}

/**
 * An unqualified name means the nearest scope's column of that name; failing that, a whole row. Where items with
 * unknown columns stand in between, everything it might mean is counted.
 */
function bareColumn(resolution: Resolution, name: string, env: Env): Origin {
  const origins: Origin[] = [];
  for (let scope = env.scope; scope !== null; scope = scope.parent) {
    let certain = false;
    for (const item of scope.items) {
      for (const column of item.columns) {
        if (column.name === name) {
          certain = true;
          touch(resolution, item, column);
        } else if (column.name !== unnamed) continue;
        origins.push(column.origin);
      }
      if (item.open !== null) origins.push(item.open);
      noteSystemColumn(resolution, item, name);
    }
    if (certain) return union(origins);
  }
  for (let scope = env.scope; scope !== null; scope = scope.parent) {
    const rows = scope.items.filter((item) => item.name === name);
    if (rows.length > 0) return union([...origins, ...rows.map((item) => wholeRow(resolution, item))]);
  }
  return origins.length === 0 ? unknownOrigin : union(origins);
}

/** The FROM item that the qualifier of a reference names: the innermost that fits. */
function namedItem(
  resolution: Resolution,
  node: Tree,
  qualifier: readonly string[],
  env: Env,
  full: readonly string[] = qualifier,
): RangeItem | undefined {
  const relation = qualifier.at(-1);
  const schema = qualifier.length > 1 ? qualifier.at(-2) : undefined;
  for (let scope = env.scope; scope !== null; scope = scope.parent) {
    for (const item of scope.items) {
      if (item.name !== relation || (schema !== undefined && !namesSchema(resolution, item, schema))) continue;
      if (schema !== undefined && !resolution.seen.has(node)) {
        resolution.seen.add(node);
        resolution.found.qualifiedColumns.push({ node, names: [...full] });
      }
      return item;
    }
  }
  return undefined;
}

function namesSchema(resolution: Resolution, item: RangeItem, schema: string): boolean {
  if (item.schema === null) return false;
  return item.schema === (schema === "pg_temp" ? resolution.index.temporarySchema : schema);
}

/** Undefined when the item certainly has no such column. */
function columnOf(resolution: Resolution, item: RangeItem, name: string, byteStart: number): Origin | undefined {
  const origins: Origin[] = [];
  for (const column of item.columns) {
    if (column.name !== name) continue;
    touch(resolution, item, column);
    origins.push(column.origin);
  }
  if (origins.length > 0) return union(origins);
  const hidden = item.columns.filter((column) => column.name === unnamed);
  if (hidden.length > 0) return union(hidden.map((column) => column.origin));
  noteSystemColumn(resolution, item, name);
  noteAttributeCall(resolution, name, byteStart);
  if (item.relation !== null) wholeRow(resolution, item);
  return item.open ?? undefined;
}

/** `t.f` and `(expression).f` call f(t) where there is no such column (ParseFuncOrColumn). */
export function noteAttributeCall(resolution: Resolution, name: string, byteStart: number): void {
  if (resolution.index.functionsNamed(name).length > 0) {
    resolution.found.functions.push({ schema: null, name, byteStart, node: null });
  }
}

/** Notes a read of a system relation's column, or with null of whole rows, where that shows more than structure. */
export function noteSystemRead(resolution: Resolution, item: RangeItem, column: string | null): void {
  for (const { schema, name } of item.system) {
    const sensitive = systemRelation(schema, name).sensitiveColumns;
    const read = column === null ? sensitive.length > 0 : sensitive.includes(column);
    if (read) resolution.found.sensitiveColumns.push({ schema, name, column });
  }
}

function noteSystemColumn(resolution: Resolution, item: RangeItem, name: string): void {
  noteSystemRead(resolution, item, name);
  if (item.relation !== null && systemColumns.has(name)) {
    resolution.found.systemColumns.push({ name, relation: item.relation });
  }
}

/** Counts all columns of an item. */
export function wholeRow(resolution: Resolution, item: RangeItem): Origin {
  for (const column of item.columns) touch(resolution, item, column);
  noteSystemRead(resolution, item, null);
  const origins = item.columns.map((column) => column.origin);
  return derived(union(item.open === null ? origins : [...origins, item.open]));
}

/** The name PostgreSQL gives a result column without AS (FigureColname); null where this code does not know it. */
export function resultName(target: Tree): string | null {
  if (typeof target.name === "string") return target.name;
  return nodeName(target.val);
}

function nodeName(value: unknown): string | null {
  const node = unwrap(value);
  switch (node?.tag) {
    case "ColumnRef":
      return strings(node.fields.fields).at(-1) ?? null;
    case "FuncCall":
      return strings(node.fields.funcname).at(-1) ?? null;
    case "A_Indirection":
      return strings(node.fields.indirection).at(-1) ?? nodeName(node.fields.arg);
    case "CollateClause":
      return nodeName(node.fields.arg);
    case "TypeCast":
      return nodeName(node.fields.arg) ?? castName(node.fields.typeName);
    case "CoalesceExpr":
      return "coalesce";
    case "A_ArrayExpr":
      return "array";
    case "RowExpr":
      return "row";
    case "SubLink":
      return subLinkName(node.fields);
    default:
      return null;
  }
}

function castName(typeName: unknown): string | null {
  return strings((typeName as Tree | undefined)?.names).at(-1) ?? null;
}

function subLinkName(fields: Tree): string | null {
  if (fields.subLinkType === "EXISTS_SUBLINK") return "exists";
  if (fields.subLinkType === "ARRAY_SUBLINK") return "array";
  const select = fieldsOf(fields.subselect, "SelectStmt");
  const first = fieldsOf(listOf(select?.targetList)[0], "ResTarget");
  return first === undefined ? null : resultName(first);
}

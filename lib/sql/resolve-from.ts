import { noteSystemRead, wholeRow } from "./resolve-column";
import { namesOf, noteOperator, type RelationMention, type Resolution, referRelation, touch } from "./resolve-context";
import {
  type CteEntry,
  constant,
  derived,
  type Env,
  findCte,
  type Output,
  type RangeColumn,
  type RangeItem,
  relationColumns,
  renameColumns,
  union,
  unknownOrigin,
} from "./scope";
import { systemRelation } from "./system-relations";
import { fieldsOf, isTree, listOf, strings, type Tree, unwrap } from "./walk";

/** What a FROM clause brings into sight, and what `*` stands for over it. */
export type FromOutput = { items: RangeItem[]; star: Output };

export type CteReader = (resolution: Resolution, entry: CteEntry) => Output;

/** Resolves a FROM list. `readCte` says what a CTE puts out. */
export function fromClause(resolution: Resolution, list: unknown, env: Env, readCte: CteReader): FromOutput {
  const all: FromOutput = { items: [], star: { columns: [], open: false } };
  for (const element of listOf(list)) {
    const entry = fromElement({ resolution, env, left: all.items, readCte }, element);
    all.items = [...all.items, ...entry.items];
    all.star = concatenate(all.star, entry.star);
  }
  return all;
}

/** `left` are the items that LATERAL may refer to. */
type FromContext = { resolution: Resolution; env: Env; left: readonly RangeItem[]; readCte: CteReader };

function fromElement(context: FromContext, element: unknown): FromOutput {
  const node = unwrap(element);
  switch (node?.tag) {
    case "RangeVar":
      return single(rangeVarItem(context, node.fields, null));
    case "RangeTableSample":
      return sampleItem(context, node.fields);
    case "RangeSubselect":
      return single(subselectItem(context, node.fields));
    case "JoinExpr":
      return joinOutput(context, node.fields);
    case "RangeFunction":
      return single(functionItem(context, node.fields));
    case "RangeTableFunc":
    case "JsonTable":
      return single(tableFunctionItem(context, node.tag, node.fields));
    default:
      context.resolution.found.unknownKinds.add(node?.tag ?? "FROM");
      context.resolution.expression(element, lateral(context));
      return single({ ...emptyItem(null), open: unknownOrigin });
  }
}

function single(item: RangeItem): FromOutput {
  return { items: [item], star: { columns: item.columns, open: item.open !== null } };
}

function concatenate(left: Output, right: Output): Output {
  return { columns: [...left.columns, ...right.columns], open: left.open || right.open };
}

function emptyItem(name: string | null): RangeItem {
  return { name, schema: null, columns: [], open: null, relation: null, system: [], target: false };
}

function lateral(context: FromContext): Env {
  return { scope: { items: context.left, parent: context.env.scope }, ctes: context.env.ctes };
}

export function aliasOf(fields: Tree): { name: string | null; columns: string[] } {
  const alias = isTree(fields.alias) ? fields.alias : undefined;
  return {
    name: typeof alias?.aliasname === "string" ? alias.aliasname : null,
    columns: strings(alias?.colnames),
  };
}

/** A name without a schema means a CTE in sight before it means a relation (parse_clause.c, transformFromClauseItem). */
function rangeVarItem(context: FromContext, fields: Tree, sample: Tree | null): RangeItem {
  const { resolution, env } = context;
  const names = namesOf(fields);
  const entry =
    names.schema === null && names.catalog === null && sample === null ? findCte(env.ctes, names.name) : undefined;
  const alias = aliasOf(fields);
  if (entry !== undefined) {
    const output = context.readCte(resolution, entry);
    const columns = renameColumns(output.columns, output.open ? [] : alias.columns);
    return { ...emptyItem(alias.name ?? names.name), columns, open: output.open ? unknownOrigin : null };
  }
  const mention: RelationMention = { node: fields, role: "source", alias: alias.name };
  return relationItem(resolution, sample === null ? mention : { ...mention, sample }, alias.columns);
}

/** The FROM item of a relation; what is not in the catalog has columns that nobody masks. */
export function relationItem(resolution: Resolution, mention: RelationMention, columnNames: string[]): RangeItem {
  const { name } = namesOf(mention.node);
  const relation = referRelation(resolution, mention);
  const item = emptyItem(mention.alias ?? name);
  if (relation === undefined) return { ...item, open: unknownOrigin };
  if (typeof relation === "object" && "system" in relation) {
    return systemItem(resolution, mention, { ...item, system: [relation.system] }, columnNames);
  }
  return {
    ...item,
    // The columns of a sequence are the same for all of them, and not in the catalog.
    open: relation.kind === "S" ? constant : null,
    schema: mention.alias === null ? relation.schema : null,
    columns: renameColumns(relationColumns(resolution.index.databaseName, relation), columnNames),
    relation,
  };
}

function systemItem(
  resolution: Resolution,
  mention: RelationMention,
  item: RangeItem,
  columnNames: string[],
): RangeItem {
  const schema = mention.alias === null ? (item.system[0]?.schema ?? null) : null;
  const shown = item.system.every((one) => systemRelation(one.schema, one.name).access === "harmless");
  const open = shown ? constant : unknownOrigin;
  // New names for its columns hide which of them are read.
  if (columnNames.length > 0) wholeRow(resolution, item);
  return { ...item, schema, open, columns: columnNames.map((name) => ({ name, origin: open })) };
}

function sampleItem(context: FromContext, fields: Tree): FromOutput {
  context.resolution.expression([fields.args, fields.repeatable], lateral(context));
  const inner = fieldsOf(fields.relation, "RangeVar");
  if (inner === undefined) return fromElement(context, fields.relation);
  return single(rangeVarItem(context, inner, fields));
}

function subselectItem(context: FromContext, fields: Tree): RangeItem {
  const env = fields.lateral === true ? lateral(context) : context.env;
  const query = unwrap(fields.subquery);
  const output: Output =
    query === undefined ? { columns: [], open: true } : context.resolution.statement(query.tag, query.fields, env);
  const alias = aliasOf(fields);
  const columns = renameColumns(output.columns, output.open ? [] : alias.columns);
  return { ...emptyItem(alias.name), columns, open: output.open ? unknownOrigin : null };
}

/** Result columns of functions are not known here; all of them come from the arguments. */
function functionItem(context: FromContext, fields: Tree): RangeItem {
  const origin = derived(context.resolution.expression([fields.functions, fields.coldeflist], lateral(context)));
  const alias = aliasOf(fields);
  const first = listOf(fieldsOf(listOf(fields.functions)[0], "List")?.items)[0];
  const functionName = strings(fieldsOf(first, "FuncCall")?.funcname).at(-1) ?? null;
  const names = [...alias.columns, ...listOf(fields.coldeflist).flatMap(columnDefName)];
  const columns: RangeColumn[] = names.map((name) => ({ name, origin }));
  return { ...emptyItem(alias.name ?? functionName), columns, open: origin };
}

function columnDefName(value: unknown): string[] {
  const name = fieldsOf(value, "ColumnDef")?.colname;
  return typeof name === "string" ? [name] : [];
}

/** XMLTABLE and JSON_TABLE: every column comes from the document and the paths. */
function tableFunctionItem(context: FromContext, tag: string, fields: Tree): RangeItem {
  const { alias: _alias, ...parts } = fields;
  const origin = derived(context.resolution.expression(parts, lateral(context)));
  const alias = aliasOf(fields);
  const name = alias.name ?? (tag === "JsonTable" ? "json_table" : "xmltable");
  return { ...emptyItem(name), columns: alias.columns.map((column) => ({ name: column, origin })), open: origin };
}

function joinOutput(context: FromContext, fields: Tree): FromOutput {
  const left = fromElement(context, fields.larg);
  const right = fromElement({ ...context, left: [...context.left, ...left.items] }, fields.rarg);
  const shared = sharedNames(context.resolution, fields, left, right);
  const items = [...left.items, ...right.items];
  const env: Env = { scope: { items, parent: context.env.scope }, ctes: context.env.ctes };
  context.resolution.expression(fields.quals, env);
  const merged = shared.map((name) => mergedColumn(context.resolution, name, items));
  const rest = (output: Output): RangeColumn[] => output.columns.filter((column) => !shared.includes(column.name));
  const star: Output = {
    columns: [...merged, ...rest(left.star), ...rest(right.star)],
    open: left.star.open || right.star.open,
  };
  const alias = aliasOf(fields);
  if (alias.name !== null) {
    // An alias of the join hides the names inside it.
    const open = star.open ? union(items.map((item) => item.open ?? constant)) : null;
    const item = { ...emptyItem(alias.name), columns: renameColumns(star.columns, alias.columns), open };
    return { items: [joinedItem(item, items)], star: { columns: item.columns, open: star.open } };
  }
  const usingAlias = isTree(fields.join_using_alias) ? fields.join_using_alias.aliasname : undefined;
  if (typeof usingAlias === "string") items.push({ ...emptyItem(usingAlias), columns: merged });
  return { items, star };
}

/** A joined target keeps what it is: columns of it still count as read from the target. */
function joinedItem(item: RangeItem, parts: readonly RangeItem[]): RangeItem {
  return { ...item, target: parts.some((part) => part.target), system: parts.flatMap((part) => part.system) };
}

/** USING's names, or what NATURAL finds on both sides. */
function sharedNames(resolution: Resolution, fields: Tree, left: FromOutput, right: FromOutput): string[] {
  if (fields.isNatural !== true) return strings(fields.usingClause);
  // Columns that are not known here may match any on the other side.
  if (left.star.open || right.star.open) {
    for (const item of [...left.items, ...right.items]) wholeRow(resolution, item);
  }
  const names = new Set(right.star.columns.map((column) => column.name));
  return [...new Set(left.star.columns.map((column) => column.name))].filter((name) => names.has(name));
}

function mergedColumn(resolution: Resolution, name: string, items: readonly RangeItem[]): RangeColumn {
  noteOperator(resolution, "=");
  const origins = items.flatMap((item) => {
    const columns = item.columns.filter((column) => column.name === name);
    for (const column of columns) touch(resolution, item, column);
    noteSystemRead(resolution, item, name);
    const known = columns.map((column) => column.origin);
    return item.open === null ? known : [...known, item.open];
  });
  return { name, origin: union(origins) };
}

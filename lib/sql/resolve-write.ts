import type { CatalogRelation } from "./catalog";
import { columnId } from "./catalog-index";
import { type Resolution, touchAll } from "./resolve-context";
import { aliasOf, fromClause, relationItem } from "./resolve-from";
import { readCte, targetOutput, withClause } from "./resolve-select";
import { type Env, type Origin, type Output, type RangeItem, union, unknownOrigin } from "./scope";
import { fieldsOf, isTree, listOf, type Tree, unwrap } from "./walk";

export function insertOutput(resolution: Resolution, fields: Tree, outer: Env): Output {
  const env = withClause(resolution, fields, outer);
  const target = targetItem(resolution, fields);
  const query = unwrap(fields.selectStmt);
  const source: Output =
    query === undefined ? { columns: [], open: false } : resolution.statement(query.tag, query.fields, env);
  const values = outputOrigin(source);
  const named = listOf(fields.cols).map(targetName);
  const count = source.open ? undefined : source.columns.length;
  const columns =
    named.length > 0 ? named : (target.relation?.columns ?? []).slice(0, count).map((column) => column.name);
  if (query !== undefined) noteWrite(resolution, target, columns, values);
  for (const column of listOf(fields.cols)) resolution.expression(fieldsOf(column, "ResTarget")?.indirection, env);
  conflictClause(resolution, fields, env, { target, values });
  return returningOutput(resolution, fields, env, [target]);
}

export function updateOutput(resolution: Resolution, fields: Tree, outer: Env): Output {
  const env = withClause(resolution, fields, outer);
  const target = targetItem(resolution, fields);
  const from = fromClause(resolution, fields.fromClause, env, readCte);
  const inner: Env = { scope: { items: [target, ...from.items], parent: env.scope }, ctes: env.ctes };
  assignments(resolution, fields.targetList, inner, target);
  resolution.expression(fields.whereClause, inner);
  return returningOutput(resolution, fields, env, [target, ...from.items]);
}

export function deleteOutput(resolution: Resolution, fields: Tree, outer: Env): Output {
  const env = withClause(resolution, fields, outer);
  const target = targetItem(resolution, fields);
  if (target.relation !== null) touchAll(resolution, target.relation);
  const from = fromClause(resolution, fields.usingClause, env, readCte);
  const inner: Env = { scope: { items: [target, ...from.items], parent: env.scope }, ctes: env.ctes };
  resolution.expression(fields.whereClause, inner);
  return returningOutput(resolution, fields, env, [target, ...from.items]);
}

export function mergeOutput(resolution: Resolution, fields: Tree, outer: Env): Output {
  const env = withClause(resolution, fields, outer);
  const target = targetItem(resolution, fields);
  const from = fromClause(resolution, [fields.sourceRelation], env, readCte);
  const inner: Env = { scope: { items: [target, ...from.items], parent: env.scope }, ctes: env.ctes };
  resolution.expression(fields.joinCondition, inner);
  for (const entry of listOf(fields.mergeWhenClauses)) {
    const clause = fieldsOf(entry, "MergeWhenClause") ?? {};
    resolution.expression(clause.condition, inner);
    if (clause.commandType === "CMD_DELETE" && target.relation !== null) touchAll(resolution, target.relation);
    if (clause.commandType === "CMD_UPDATE") assignments(resolution, clause.targetList, inner, target);
    if (clause.commandType === "CMD_INSERT") mergeInsert(resolution, clause, inner, target);
  }
  return returningOutput(resolution, fields, env, [...from.items, target]);
}

function mergeInsert(resolution: Resolution, clause: Tree, env: Env, target: RangeItem): void {
  const values = listOf(clause.values);
  const origin = resolution.expression(values, env);
  const named = listOf(clause.targetList).map(targetName);
  const all = (target.relation?.columns ?? []).slice(0, values.length).map((column) => column.name);
  if (values.length > 0) noteWrite(resolution, target, named.length > 0 ? named : all, origin);
}

function targetItem(resolution: Resolution, fields: Tree): RangeItem {
  const node = isTree(fields.relation) ? fields.relation : {};
  const item = relationItem(resolution, { node, role: "target", alias: aliasOf(node).name }, []);
  return { ...item, target: true };
}

function targetName(value: unknown): string {
  const name = fieldsOf(value, "ResTarget")?.name;
  return typeof name === "string" ? name : "";
}

function outputOrigin(output: Output): Origin {
  const origins = output.columns.map((column) => column.origin);
  return union(output.open ? [...origins, unknownOrigin] : origins);
}

/** SET lists: of UPDATE, ON CONFLICT and MERGE. */
function assignments(resolution: Resolution, list: unknown, env: Env, target: RangeItem): void {
  const origins: Origin[] = [];
  for (const entry of listOf(list)) {
    const assignment = fieldsOf(entry, "ResTarget") ?? {};
    origins.push(resolution.expression([assignment.val, assignment.indirection], env));
  }
  noteWrite(resolution, target, listOf(list).map(targetName), union(origins));
}

function noteWrite(resolution: Resolution, target: RangeItem, columns: string[], values: Origin): void {
  const relation: CatalogRelation | null = target.relation;
  if (relation === null) return;
  resolution.found.writes.push({ target: relation, columns, values });
  for (const column of relation.columns) {
    if (columns.includes(column.name)) {
      resolution.found.columns.add(columnId(resolution.index.databaseName, relation, column.name));
    }
  }
}

function conflictClause(
  resolution: Resolution,
  fields: Tree,
  env: Env,
  insert: { target: RangeItem; values: Origin },
): void {
  const clause = isTree(fields.onConflictClause) ? fields.onConflictClause : undefined;
  if (clause === undefined) return;
  const { target, values } = insert;
  const proposed = target.columns.map((column) => ({ name: column.name, origin: values }));
  const excluded: RangeItem = {
    ...target,
    name: "excluded",
    schema: null,
    relation: null,
    target: false,
    columns: proposed,
  };
  const inner: Env = { scope: { items: [target, excluded], parent: env.scope }, ctes: env.ctes };
  const only: Env = { scope: { items: [target], parent: env.scope }, ctes: env.ctes };
  const infer = isTree(clause.infer) ? clause.infer : {};
  for (const element of listOf(infer.indexElems)) {
    const { name, ...rest } = fieldsOf(element, "IndexElem") ?? {};
    // Which row conflicts is an answer about the column.
    if (typeof name === "string") resolution.expression(columnReference(name), only);
    resolution.expression(rest, only);
  }
  resolution.expression(infer.whereClause, only);
  if (clause.action !== "ONCONFLICT_UPDATE") return;
  assignments(resolution, clause.targetList, inner, target);
  resolution.expression(clause.whereClause, inner);
}

function columnReference(name: string): Tree {
  return { ColumnRef: { fields: [{ String: { sval: name } }], location: -1 } };
}

function returningOutput(resolution: Resolution, fields: Tree, env: Env, items: readonly RangeItem[]): Output {
  const clause = isTree(fields.returningClause) ? fields.returningClause : undefined;
  // Before version 18 of the grammar the list stood alone.
  const list = clause === undefined ? fields.returningList : clause.exprs;
  if (list === undefined) return { columns: [], open: false };
  const target = items.find((item) => item.target);
  const versions = target === undefined ? [] : rowVersions(clause, target);
  const star: Output = {
    columns: items.flatMap((item) => item.columns),
    open: items.some((item) => item.open !== null),
  };
  const visible: RangeItem[] = [...items, ...versions];
  return targetOutput(resolution, list, { scope: { items: visible, parent: env.scope }, ctes: env.ctes }, star);
}

/** OLD and NEW, or what WITH (OLD AS o, NEW AS n) calls them. Their columns are found under these names only. */
function rowVersions(clause: Tree | undefined, target: RangeItem): RangeItem[] {
  const names = { RETURNING_OPTION_OLD: "old", RETURNING_OPTION_NEW: "new" };
  for (const entry of listOf(clause?.options)) {
    const option = fieldsOf(entry, "ReturningOption") ?? {};
    if (typeof option.value !== "string") continue;
    if (option.option === "RETURNING_OPTION_OLD") names.RETURNING_OPTION_OLD = option.value;
    if (option.option === "RETURNING_OPTION_NEW") names.RETURNING_OPTION_NEW = option.value;
  }
  return Object.values(names).map((name) => ({ ...target, name, schema: null }));
}

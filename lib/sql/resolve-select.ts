import { expandStar, resultName } from "./resolve-column";
import type { Resolution } from "./resolve-context";
import { type FromOutput, fromClause } from "./resolve-from";
import {
  type CteEntry,
  type CteScope,
  derived,
  type Env,
  mergeOutputs,
  type Origin,
  type Output,
  type RangeColumn,
  renameColumns,
  type Scope,
  sameOrigin,
  union,
  unknownOrigin,
  unnamed,
} from "./scope";
import { fieldsOf, isTree, listOf, strings, type Tree, unwrap } from "./walk";

/** Rounds until the origins of a recursive CTE must have settled; after that they count as unknown. */
const recursionRoundsMax = 16;

export function selectOutput(resolution: Resolution, fields: Tree, outer: Env): Output {
  const env = withClause(resolution, fields, outer);
  if (isTree(fields.larg) && isTree(fields.rarg)) {
    const left = selectOutput(resolution, fields.larg, env);
    const output = mergeOutputs(left, selectOutput(resolution, fields.rarg, env));
    // ORDER BY of a set operation sees the result's columns only.
    const item = {
      name: null,
      schema: null,
      columns: output.columns,
      open: null,
      relation: null,
      system: [],
      target: false,
    };
    finish(resolution, fields, { scope: { items: [item], parent: outer.scope }, ctes: env.ctes });
    return output;
  }
  if (Array.isArray(fields.valuesLists)) {
    const output = valuesOutput(resolution, fields.valuesLists, env);
    finish(resolution, fields, env);
    return output;
  }
  const from = fromClause(resolution, fields.fromClause, env, readCte);
  const inner: Env = { scope: { items: from.items, parent: env.scope }, ctes: env.ctes };
  const output = targetOutput(resolution, fields.targetList, inner, from.star);
  resolution.expression([fields.whereClause, fields.havingClause, fields.windowClause, fields.distinctClause], inner);
  groupClause(resolution, fields, inner, from);
  finish(resolution, fields, inner);
  return output;
}

function finish(resolution: Resolution, fields: Tree, env: Env): void {
  resolution.expression([fields.sortClause, fields.limitCount, fields.limitOffset], env);
  for (const clause of listOf(fields.lockingClause)) locking(resolution, fieldsOf(clause, "LockingClause"), env.scope);
}

function groupClause(resolution: Resolution, fields: Tree, env: Env, from: FromOutput): void {
  if (!Array.isArray(fields.groupClause)) return;
  resolution.expression(fields.groupClause, env);
  if (resolution.seen.has(fields)) return;
  resolution.seen.add(fields);
  resolution.found.groups.push({ node: fields, items: from.items });
}

/** FOR UPDATE locks what it names, or everything in FROM. */
function locking(resolution: Resolution, clause: Tree | undefined, scope: Scope | null): void {
  if (clause === undefined) return;
  const items = [...(scope?.items ?? [])];
  const names = listOf(clause.lockedRels).map((relation) => fieldsOf(relation, "RangeVar")?.relname);
  const locked = names.length === 0 ? items : items.filter((item) => names.includes(item.name));
  resolution.found.locks.push(locked);
  for (const item of locked) {
    for (const use of resolution.found.relations) {
      if (use.relation === item.relation && use.role === "source") {
        resolution.found.relations.push({ ...use, role: "locked" });
        break;
      }
    }
  }
}

function valuesOutput(resolution: Resolution, lists: unknown[], env: Env): Output {
  let output: Output | undefined;
  for (const list of lists) {
    const items = listOf(fieldsOf(list, "List")?.items);
    const columns = items.map((item, index) => ({
      name: `column${index + 1}`,
      origin: derived(resolution.expression(item, env)),
    }));
    const row: Output = { columns, open: false };
    output = output === undefined ? row : mergeOutputs(output, row);
  }
  return output ?? { columns: [], open: true };
}

/** Resolves a target or RETURNING list. `star` is what a bare `*` stands for. */
export function targetOutput(resolution: Resolution, list: unknown, env: Env, star: Output): Output {
  const columns: RangeColumn[] = [];
  let open = false;
  for (const entry of listOf(list)) {
    const target = fieldsOf(entry, "ResTarget") ?? {};
    const reference = fieldsOf(target.val, "ColumnRef");
    const expanded = reference === undefined ? undefined : expandStar(resolution, reference, env, star);
    if (expanded !== undefined) {
      columns.push(...expanded.columns.map(({ name, origin }) => ({ name, origin })));
      open ||= expanded.open;
      continue;
    }
    const value = resolution.expression(target.val, env);
    const origin = reference === undefined ? derived(value) : value;
    const indirection = fieldsOf(target.val, "A_Indirection")?.indirection;
    // (row).* has as many columns as the row's type.
    if (unwrap(listOf(indirection).at(-1))?.tag === "A_Star") open = true;
    else columns.push({ name: resultName(target) ?? unnamed, origin });
  }
  return { columns, open };
}

/** The environment with the statement's WITH clause in sight. */
export function withClause(resolution: Resolution, fields: Tree, env: Env): Env {
  const clause = isTree(fields.withClause) ? fields.withClause : undefined;
  if (clause === undefined) return env;
  const ctes = listOf(clause.ctes).map((cte): Tree => fieldsOf(cte, "CommonTableExpr") ?? {});
  return clause.recursive === true ? recursiveWith(resolution, ctes, env) : plainWith(resolution, ctes, env);
}

/** Each CTE is in sight of those after it only. */
function plainWith(resolution: Resolution, ctes: Tree[], env: Env): Env {
  let inner = env;
  for (const fields of ctes) {
    const entry = newEntry(fields, inner);
    readCte(resolution, entry);
    const scope: CteScope = { entries: new Map([[String(fields.ctename), entry]]), parent: inner.ctes };
    inner = { scope: env.scope, ctes: scope };
  }
  return inner;
}

/** Every CTE of a WITH RECURSIVE is in sight of all of them. */
function recursiveWith(resolution: Resolution, ctes: Tree[], env: Env): Env {
  const scope: CteScope = { entries: new Map(), parent: env.ctes };
  const inner: Env = { scope: env.scope, ctes: scope };
  for (const fields of ctes) scope.entries.set(String(fields.ctename), newEntry(fields, inner));
  for (const entry of scope.entries.values()) readCte(resolution, entry);
  return inner;
}

function newEntry(fields: Tree, env: Env): CteEntry {
  return { fields, state: "pending", output: { columns: [], open: true }, env };
}

/** What a CTE puts out, resolving its body when it is first asked for. */
function readCte(resolution: Resolution, entry: CteEntry): Output {
  if (entry.state !== "pending") return entry.output;
  entry.state = "running";
  const names = strings(entry.fields.aliascolnames);
  const query = unwrap(entry.fields.ctequery);
  const named = (output: Output): Output =>
    output.open ? output : { columns: renameColumns(output.columns, names), open: false };
  if (query === undefined) return entry.output;
  const select = query.tag === "SelectStmt" ? query.fields : undefined;
  if (select !== undefined && isTree(select.larg) && isTree(select.rarg)) {
    // What the first arm of a recursive union puts out is what the second one sees of it.
    const first = selectOutput(resolution, select.larg, withClause(resolution, select, entry.env));
    entry.output = named(first);
  }
  for (let round = 0; ; round += 1) {
    const before = entry.output;
    entry.output = named(resolution.statement(query.tag, query.fields, entry.env));
    if (before.open || settled(before, entry.output)) break;
    if (round === recursionRoundsMax) {
      entry.output = {
        columns: entry.output.columns.map((column) => ({ ...column, origin: unknownOrigin })),
        open: true,
      };
      break;
    }
  }
  entry.output = searchColumns(entry.fields, entry.output);
  entry.state = "done";
  return entry.output;
}

function settled(before: Output, after: Output): boolean {
  return (
    before.open === after.open &&
    before.columns.length === after.columns.length &&
    before.columns.every((column, index) => sameOrigin(column.origin, after.columns[index]?.origin ?? unknownOrigin))
  );
}

/** SEARCH and CYCLE add columns behind those of the body. */
function searchColumns(fields: Tree, output: Output): Output {
  const search = isTree(fields.search_clause) ? fields.search_clause : {};
  const cycle = isTree(fields.cycle_clause) ? fields.cycle_clause : {};
  const added = [search.search_seq_column, cycle.cycle_mark_column, cycle.cycle_path_column];
  const names = added.filter((name): name is string => typeof name === "string");
  if (names.length === 0) return output;
  const origin: Origin = derived(union(output.columns.map((column) => column.origin)));
  return { columns: [...output.columns, ...names.map((name) => ({ name, origin }))], open: output.open };
}

export { readCte };

import type { CatalogRelation } from "./catalog";
import { columnId } from "./catalog-index";

/**
 * Where a value comes from: the ids of the columns that it may depend on, none for a constant. Unknown origins may
 * depend on anything at all.
 */
export type Origin = {
  columns: ReadonlySet<string>;
  unknown: boolean;
  /** set where the value is that one column's, unchanged */
  verbatim?: true;
};

export const constant: Origin = { columns: new Set(), unknown: false };
export const unknownOrigin: Origin = { columns: new Set(), unknown: true };

export function union(origins: readonly Origin[]): Origin {
  const parts = origins.filter((origin) => origin.unknown || origin.columns.size > 0);
  if (parts.length === 0) return constant;
  if (parts.length === 1) return parts[0] as Origin;
  const columns = new Set<string>();
  for (const part of parts) for (const column of part.columns) columns.add(column);
  return { columns, unknown: parts.some((part) => part.unknown) };
}

/** The origin of something made of a value: no longer the value itself. */
export function derived(origin: Origin): Origin {
  return origin.verbatim === undefined ? origin : { columns: origin.columns, unknown: origin.unknown };
}

export function sameOrigin(one: Origin, other: Origin): boolean {
  if (one.unknown !== other.unknown || one.columns.size !== other.columns.size) return false;
  for (const column of one.columns) if (!other.columns.has(column)) return false;
  return true;
}

/** A column that a name can mean. `id` is set for columns of relations of the catalog only. */
export type RangeColumn = { name: string; origin: Origin; id?: string };

/** Name of a column that PostgreSQL names by rules not repeated here: any reference may mean it. */
export const unnamed = "";

/** What a subquery, a CTE or a FROM clause puts out; `open` when it has columns that are not known here. */
export type Output = { columns: RangeColumn[]; open: boolean };

/** One entry of a FROM clause, or the target of a statement that writes. */
export type RangeItem = {
  /** alias, or the relation's name; null for what has none */
  name: string | null;
  /** schema of a relation without an alias, which `schema.relation.column` can name */
  schema: string | null;
  columns: RangeColumn[];
  /** origin of columns that are not listed; null when the list is whole */
  open: Origin | null;
  relation: CatalogRelation | null;
  /** system relations that it stands for, of which only the names are known */
  system: readonly { schema: string; name: string }[];
  /** true for the relation that the statement writes to: it cannot be masked by substitution */
  target: boolean;
};

export type Scope = { items: readonly RangeItem[]; parent: Scope | null };

export type CteEntry = {
  /** fields of the CommonTableExpr */
  fields: Record<string, unknown>;
  state: "pending" | "running" | "done";
  output: Output;
  /** where its body is resolved */
  env: Env;
};

/** Names of WITH clauses in sight, innermost first. */
export type CteScope = { entries: Map<string, CteEntry>; parent: CteScope | null };

export type Env = { scope: Scope | null; ctes: CteScope | null };

export function findCte(ctes: CteScope | null, name: string): CteEntry | undefined {
  for (let scope = ctes; scope !== null; scope = scope.parent) {
    const entry = scope.entries.get(name);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** Columns every table has without listing them (pg_attribute, attnum < 0). */
export const systemColumns: ReadonlySet<string> = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"]);

const cachedColumns = new WeakMap<CatalogRelation, Map<string, RangeColumn[]>>();

/** The columns of a relation as a FROM clause sees them. Shared: treat them as frozen. */
export function relationColumns(databaseName: string, relation: CatalogRelation): RangeColumn[] {
  let byDatabase = cachedColumns.get(relation);
  if (byDatabase === undefined) {
    byDatabase = new Map();
    cachedColumns.set(relation, byDatabase);
  }
  let columns = byDatabase.get(databaseName);
  if (columns === undefined) {
    columns = relation.columns.map((column) => {
      const id = columnId(databaseName, relation, column.name);
      return { name: column.name, id, origin: { columns: new Set([id]), unknown: false, verbatim: true } };
    });
    byDatabase.set(databaseName, columns);
  }
  return columns;
}

/** Renames the first columns as `alias (a, b)` does. */
export function renameColumns(columns: readonly RangeColumn[], names: readonly string[]): RangeColumn[] {
  const renamed = columns.map((column, index) => {
    const name = names[index];
    return name === undefined ? column : { ...column, name };
  });
  // More names than known columns: the rest is something this code cannot see.
  for (const name of names.slice(columns.length)) renamed.push({ name, origin: unknownOrigin });
  return renamed;
}

/** Two outputs laid over each other by position, as set operations do; names are those of the first. */
export function mergeOutputs(left: Output, right: Output): Output {
  if (left.open || right.open || left.columns.length !== right.columns.length) {
    const all = union([...left.columns, ...right.columns].map((column) => column.origin));
    const origin = { columns: all.columns, unknown: true };
    return { columns: left.columns.map((column) => ({ name: column.name, origin })), open: left.open || right.open };
  }
  const columns = left.columns.map((column, index) => ({
    name: column.name,
    origin: union([column.origin, right.columns[index]?.origin ?? unknownOrigin]),
  }));
  return { columns, open: false };
}

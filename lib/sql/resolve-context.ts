import type { CatalogRelation } from "./catalog";
import { type CatalogIndex, relationId, resolveRelation } from "./catalog-index";
import { type Env, type Origin, type Output, type RangeItem, relationColumns } from "./scope";
import type { RelationReference } from "./types";
import { locationOf, type Tree } from "./walk";

/** One mention of a relation of the catalog. Offsets are UTF-8 bytes of its name's first token. */
export type RelationUse = RelationReference & {
  relation: CatalogRelation;
  byteStart: number;
  alias: string | null;
  /** fields of the RangeVar */
  node: Tree;
  /** fields of the RangeTableSample around it */
  sample: Tree | null;
};

export type SystemUse = { schema: string; name: string; byteStart: number; node: Tree };
export type FunctionUse = { schema: string | null; name: string; byteStart: number; node: Tree | null };
export type NameUse = { schema: string | null; name: string };

/** A write of values: `columns` by name, null when unknown which. */
export type WriteUse = { target: CatalogRelation; columns: string[] | null; values: Origin };

/** A SELECT with GROUP BY, and what its columns can come from. */
export type GroupUse = { node: Tree; items: readonly RangeItem[] };

export type Found = {
  relations: RelationUse[];
  systemRelations: SystemUse[];
  columns: Set<string>;
  /** columns of a written relation that the statement reads where no substitution can mask them */
  targetReads: Set<string>;
  writes: WriteUse[];
  functions: FunctionUse[];
  operators: NameUse[];
  types: NameUse[];
  /** `ctid` and its kin, with the relation they can belong to */
  systemColumns: { name: string; relation: CatalogRelation }[];
  /** ColumnRefs of three and more parts that name a relation without an alias */
  qualifiedColumns: { node: Tree; names: string[] }[];
  /** columns of system relations that carry source text, settings or values; null for whole rows */
  sensitiveColumns: { schema: string; name: string; column: string | null }[];
  /** per FOR UPDATE clause, the FROM items it locks */
  locks: RangeItem[][];
  groups: GroupUse[];
  /** node kinds inside expressions that this code has no rule for */
  unknownKinds: Set<string>;
  /** the first relation that does not exist */
  missing: { name: string; byteStart: number } | null;
  /** a name that reaches into another database */
  foreignDatabase: { name: string; byteStart: number } | null;
};

/** What one resolution carries through the tree. */
export type Resolution = {
  index: CatalogIndex;
  searchPath: readonly string[];
  role: string | undefined;
  found: Found;
  /** nodes already noted: bodies of recursive CTEs are visited more than once */
  seen: Set<Tree>;
  statement(tag: string, fields: Tree, env: Env): Output;
  expression(node: unknown, env: Env): Origin;
};

export function emptyFound(): Found {
  return {
    relations: [],
    systemRelations: [],
    columns: new Set(),
    targetReads: new Set(),
    writes: [],
    functions: [],
    operators: [],
    types: [],
    systemColumns: [],
    qualifiedColumns: [],
    sensitiveColumns: [],
    locks: [],
    groups: [],
    unknownKinds: new Set(),
    missing: null,
    foreignDatabase: null,
  };
}

export type RangeVarNames = { catalog: string | null; schema: string | null; name: string };

export function namesOf(rangeVar: Tree): RangeVarNames {
  const text = (field: unknown): string | null => (typeof field === "string" && field !== "" ? field : null);
  return { catalog: text(rangeVar.catalogname), schema: text(rangeVar.schemaname), name: text(rangeVar.relname) ?? "" };
}

export type RelationMention = { node: Tree; role: RelationReference["role"]; alias: string | null; sample?: Tree };

export type Referred = CatalogRelation | { system: { schema: string; name: string } };

/** Resolves a RangeVar to a relation of the catalog and notes it; undefined for missing relations. */
export function referRelation(resolution: Resolution, mention: RelationMention): Referred | undefined {
  const { index, searchPath, role, found, seen } = resolution;
  const { catalog, schema, name } = namesOf(mention.node);
  const byteStart = locationOf(mention.node);
  if (catalog !== null && catalog !== index.catalog.databaseName) {
    found.foreignDatabase ??= { name: [catalog, schema, name].join("."), byteStart };
    return undefined;
  }
  const resolved = resolveRelation(index, { schema: schema ?? undefined, name, searchPath, role });
  if (resolved === undefined) {
    // Named relations may be about to be made.
    if (mention.role !== "named") {
      found.missing ??= { name: schema === null ? name : `${schema}.${name}`, byteStart };
    }
    return undefined;
  }
  const first = !seen.has(mention.node);
  seen.add(mention.node);
  if (resolved.kind === "system") {
    if (first) {
      found.systemRelations.push({ schema: resolved.schema, name: resolved.name, byteStart, node: mention.node });
    }
    return { system: { schema: resolved.schema, name: resolved.name } };
  }
  const { relation } = resolved;
  if (first) {
    found.relations.push({
      oid: relation.oid,
      id: relationId(index.databaseName, relation),
      schema: relation.schema,
      name: relation.name,
      role: mention.role,
      relation,
      byteStart,
      alias: mention.alias,
      node: mention.node,
      sample: mention.sample ?? null,
    });
  }
  return relation;
}

export function touch(resolution: Resolution, item: RangeItem, column: { id?: string }): void {
  if (column.id === undefined) return;
  resolution.found.columns.add(column.id);
  if (item.target) resolution.found.targetReads.add(column.id);
}

/** Counts every column of a relation, as whole rows, DELETE, TRUNCATE and COPY do. */
export function touchAll(resolution: Resolution, relation: CatalogRelation): void {
  for (const column of relationColumns(resolution.index.databaseName, relation)) {
    if (column.id !== undefined) resolution.found.columns.add(column.id);
  }
}

/** Notes an operator that a syntax applies without naming it. */
export function noteOperator(resolution: Resolution, name: string): void {
  const { operators } = resolution.found;
  if (!operators.some((one) => one.name === name && one.schema === null)) operators.push({ schema: null, name });
}

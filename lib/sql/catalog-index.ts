import type { Catalog, CatalogFunction, CatalogRelation } from "./catalog";
import { dottedId } from "./names";
import { isSystemName } from "./system-relations";

/** What a name of a relation stands for. System relations are not in the catalog: only their name is known. */
export type ResolvedRelation =
  | { kind: "relation"; relation: CatalogRelation }
  | { kind: "system"; schema: string; name: string };

export type CatalogType = Catalog["types"][number];

export type CatalogIndex = {
  /** the registered name, which ids begin with */
  databaseName: string;
  catalog: Catalog;
  relation(schema: string, name: string): CatalogRelation | undefined;
  byOid(oid: number): CatalogRelation | undefined;
  /** relations of this index alone, without those of its base */
  ownRelations: readonly CatalogRelation[];
  /** what a session's index lies over */
  base: CatalogIndex | undefined;
  /** oids of the relations that inherit directly from this one, partitions included */
  childrenOf(oid: number): readonly number[];
  /** functions outside pg_catalog with this name, in any schema */
  functionsNamed(name: string): readonly CatalogFunction[];
  /** true for operators that can run a function somebody wrote here */
  hasOperator(name: string): boolean;
  typesNamed(name: string): readonly CatalogType[];
  /** schema of the session's temporary relations, where it has any */
  temporarySchema: string | undefined;
};

/** A name as it stands in a statement, with the session's search_path (elements unquoted, `$user` unexpanded). */
export type NameLookup = {
  schema?: string | undefined;
  name: string;
  searchPath: readonly string[];
  /** the upstream role, which `$user` stands for */
  role?: string | undefined;
};

const systemSchemas = new Set(["pg_catalog", "information_schema", "pg_toast"]);

/** Builds the lookups over a catalog: linear once, then constant time each. */
export function indexCatalog(catalog: Catalog, databaseName: string): CatalogIndex {
  const bySchema = relationsBySchema(catalog.relations);
  const byOid = new Map(catalog.relations.map((relation) => [relation.oid, relation]));
  const children = childrenByParent(catalog.relations);
  const functions = groupByName(catalog.functions);
  const types = groupByName(catalog.types);
  const operators = new Set(catalog.operators);
  return {
    databaseName,
    catalog,
    relation: (schema, name) => bySchema.get(schema)?.get(name),
    byOid: (oid) => byOid.get(oid),
    ownRelations: catalog.relations,
    base: undefined,
    childrenOf: (oid) => children.get(oid) ?? [],
    functionsNamed: (name) => functions.get(name) ?? [],
    hasOperator: (name) => operators.has(name),
    typesNamed: (name) => types.get(name) ?? [],
    temporarySchema: undefined,
  };
}

/** The index of one session: `extra` are relations that only it sees, temporary or not yet committed. */
export function overlay(index: CatalogIndex, extra: readonly CatalogRelation[]): CatalogIndex {
  if (extra.length === 0) return index;
  const bySchema = relationsBySchema(extra);
  const byOid = new Map(extra.map((relation) => [relation.oid, relation]));
  const children = childrenByParent(extra);
  const temporary = extra.find((relation) => relation.schema.startsWith("pg_temp_"))?.schema;
  return {
    ...index,
    relation: (schema, name) => bySchema.get(schema)?.get(name) ?? index.relation(schema, name),
    byOid: (oid) => byOid.get(oid) ?? index.byOid(oid),
    ownRelations: extra,
    base: index,
    childrenOf: (oid) => [...new Set([...index.childrenOf(oid), ...(children.get(oid) ?? [])])],
    temporarySchema: temporary ?? index.temporarySchema,
  };
}

/**
 * Finds a relation as PostgreSQL does (namespace.c, RelnameGetRelid): temporary relations first unless `pg_temp` is
 * listed, then pg_catalog unless listed, then the path. Undefined when no such relation is known.
 */
export function resolveRelation(index: CatalogIndex, lookup: NameLookup): ResolvedRelation | undefined {
  const { name } = lookup;
  if (lookup.schema !== undefined) return inSchema(index, lookup.schema, name);
  for (const schema of effectivePath(index, lookup)) {
    const found = inSchema(index, schema, name, true);
    if (found !== undefined) return found;
  }
  // Nothing else has the name: a system relation that a later version has added.
  return name.startsWith("pg_") ? { kind: "system", schema: "pg_catalog", name } : undefined;
}

/** The schemas that an unqualified relation name is looked up in, in order. */
export function effectivePath(index: CatalogIndex, lookup: Pick<NameLookup, "searchPath" | "role">): string[] {
  const listed = lookup.searchPath.flatMap((schema) => {
    if (schema === "$user") return lookup.role === undefined ? [] : [lookup.role];
    if (schema === "pg_temp") return index.temporarySchema === undefined ? [] : [index.temporarySchema];
    return [schema];
  });
  const temporary = index.temporarySchema;
  const first = temporary === undefined || listed.includes(temporary) ? [] : [temporary];
  return listed.includes("pg_catalog") ? [...first, ...listed] : [...first, "pg_catalog", ...listed];
}

function inSchema(index: CatalogIndex, schema: string, name: string, searched = false): ResolvedRelation | undefined {
  if (systemSchemas.has(schema)) {
    // Found along the path, only a known name tells a system relation from one further down the path.
    if (searched && (schema !== "pg_catalog" || !isSystemName(name))) return undefined;
    return { kind: "system", schema, name };
  }
  const actual = schema === "pg_temp" ? index.temporarySchema : schema;
  const relation = actual === undefined ? undefined : index.relation(actual, name);
  return relation === undefined ? undefined : { kind: "relation", relation };
}

/** Id of a relation in policies, e.g. `shop.public.orders`. */
export function relationId(databaseName: string, relation: Pick<CatalogRelation, "schema" | "name">): string {
  return dottedId(databaseName, relation.schema, relation.name);
}

/** Id of a column in policies, e.g. `shop.public.customers.email`. */
export function columnId(
  databaseName: string,
  relation: Pick<CatalogRelation, "schema" | "name">,
  column: string,
): string {
  return dottedId(databaseName, relation.schema, relation.name, column);
}

function relationsBySchema(relations: readonly CatalogRelation[]): Map<string, Map<string, CatalogRelation>> {
  const bySchema = new Map<string, Map<string, CatalogRelation>>();
  for (const relation of relations) {
    let names = bySchema.get(relation.schema);
    if (names === undefined) {
      names = new Map();
      bySchema.set(relation.schema, names);
    }
    names.set(relation.name, relation);
  }
  return bySchema;
}

function childrenByParent(relations: readonly CatalogRelation[]): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const relation of relations) {
    for (const parent of relation.parents) {
      const list = children.get(parent);
      if (list === undefined) children.set(parent, [relation.oid]);
      else list.push(relation.oid);
    }
  }
  return children;
}

function groupByName<T extends { name: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const list = groups.get(item.name);
    if (list === undefined) groups.set(item.name, [item]);
    else list.push(item);
  }
  return groups;
}

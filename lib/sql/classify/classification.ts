import type { CatalogIndex } from "../catalog-index";
import { resolveRelation } from "../catalog-index";
import { dottedId } from "../names";
import type { ParsedBatch } from "../parse";
import type { References } from "../resolve";
import type { ActionName, Ask, Resource, SettingChange, SqlRefusal, StatementAnalysis } from "../types";
import type { Tree } from "../walk";

/** Statements that EXECUTE may name: the client's own text, PREPARE or Parse. */
export type PreparedTexts = Record<string, { sql: string }>;

export type Names = {
  index: CatalogIndex;
  searchPath: readonly string[];
  /** the upstream role, which `$user` stands for */
  role?: string | undefined;
  /** where unqualified new objects go inside CREATE SCHEMA */
  newSchema?: string | undefined;
};

/** `hasWhere` and `whereIsConstant` of the node that asks. */
export type WhereFacts = Pick<Ask, "hasWhere" | "whereIsConstant">;

export const noWhere: WhereFacts = { hasWhere: false, whereIsConstant: false };

/** What the rules find out about one statement, step by step. */
export type Classification = Names & {
  node: string;
  /** fields of the statement's node */
  fields: Tree;
  batch: Pick<ParsedBatch, "sql" | "tokens" | "byteStarts">;
  references: References;
  prepared: PreparedTexts;
  kind: string;
  asks: Ask[];
  settings: SettingChange[];
  where: WhereFacts;
  endsOnly: boolean;
  transaction?: StatementAnalysis["transaction"];
  changesCatalog: boolean;
  literalMatters: boolean;
  /** the statement returns what a SELECT reads, so it asks `select` even when it reads no table */
  selects: boolean;
  refusal?: SqlRefusal;
};

/** One rule says what a kind of statement asks beyond what it reads, writes and calls inside. */
export type StatementRule = (c: Classification, fields: Tree) => void;

/** Notes a request; one and the same request counts once. */
export function ask(c: Classification, action: ActionName, resource: Resource, where: WhereFacts = noWhere): void {
  const same = c.asks.some(
    (one) =>
      one.action === action &&
      one.resource.type === resource.type &&
      one.resource.id === resource.id &&
      one.hasWhere === where.hasWhere &&
      one.whereIsConstant === where.whereIsConstant,
  );
  if (!same) c.asks.push({ action, resource, ...where });
}

export function refuse(c: Classification, sqlstate: SqlRefusal["sqlstate"], message: string, hint: string): void {
  c.refusal ??= { sqlstate, message, hint };
}

export function databaseResource(names: Names): Resource {
  return { type: "Database", id: dottedId(names.index.databaseName) };
}

export function schemaResource(names: Names, schema: string | undefined): Resource {
  return { type: "Schema", id: dottedId(names.index.databaseName, schema ?? creationSchema(names)) };
}

/** A relation by the names in the statement: what it resolves to, or the name it would have. */
export function tableResource(names: Names, schema: string | undefined, name: string): Resource {
  const { index, searchPath, role } = names;
  const resolved = resolveRelation(index, { schema, name, searchPath, role });
  if (resolved === undefined) {
    return { type: "Table", id: dottedId(index.databaseName, schema ?? creationSchema(names), name) };
  }
  const place = resolved.kind === "system" ? resolved : resolved.relation;
  return { type: "Table", id: dottedId(index.databaseName, place.schema, place.name) };
}

/** Functions by name: every one in the catalog that the name can reach, or the name it would have. */
export function functionResources(names: Names, schema: string | undefined, name: string): Resource[] {
  const { index } = names;
  const known = index.functionsNamed(name).filter((one) => schema === undefined || one.schema === schema);
  const schemas = known.length > 0 ? new Set(known.map((one) => one.schema)) : [schema ?? creationSchema(names)];
  return [...schemas].map((place) => ({ type: "Function", id: dottedId(index.databaseName, place, name) }));
}

/** The schema that an unqualified new object goes to: the first of the path that exists. */
export function creationSchema(names: Names): string {
  const { searchPath, role, index, newSchema } = names;
  if (newSchema !== undefined) return newSchema;
  const path = searchPath.map((schema) => (schema === "$user" ? role : schema)).filter((one) => one !== undefined);
  return path.find((schema) => index.catalog.schemas.includes(schema)) ?? path.at(-1) ?? "public";
}

/** Schema and name of a RangeVar. */
export function rangeVarNames(fields: Tree): { schema: string | undefined; name: string } {
  const schema = typeof fields.schemaname === "string" && fields.schemaname !== "" ? fields.schemaname : undefined;
  return { schema, name: typeof fields.relname === "string" ? fields.relname : "" };
}

/** Schema and name of a list of name parts; a leading database name is dropped. */
export function qualified(parts: readonly string[]): { schema: string | undefined; name: string } {
  return { schema: parts.length > 1 ? parts.at(-2) : undefined, name: parts.at(-1) ?? "" };
}

export function rangeVarResource(names: Names, fields: Tree): Resource {
  const { schema, name } = rangeVarNames(fields);
  return tableResource(names, schema, name);
}

/** Where CREATE puts a relation. Every temporary schema is `pg_temp` to policies. */
export function targetSchema(names: Names, rangeVar: Tree): Resource {
  const { schema } = rangeVarNames(rangeVar);
  const temporary = rangeVar.relpersistence === "t" || schema?.startsWith("pg_temp") === true;
  return schemaResource(names, temporary ? "pg_temp" : schema);
}

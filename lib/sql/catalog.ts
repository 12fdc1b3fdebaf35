import { z } from "zod";

/**
 * What the broker knows of an upstream database: the JSON document that `lib/upstream/read-catalog.ts`
 * reads, the store keeps and the analysis resolves names against. Oids are those of the upstream.
 */
const columnSchema = z.object({
  /** attnum */
  number: z.number().int(),
  name: z.string(),
  typeOid: z.number().int(),
  /** format_type(), e.g. `character varying(80)`, `public.citext` */
  type: z.string(),
  /** pg_type.typtype: b base, c composite, d domain, e enum, r range, m multirange, p pseudo */
  typeKind: z.string(),
  /** format_type() of a domain's base type, otherwise absent */
  baseType: z.string().optional(),
  notNull: z.boolean(),
  generated: z.boolean(),
  /** pg_get_expr() of a generated column */
  expression: z.string().optional(),
  /** false where the upstream role may not SELECT it */
  readable: z.boolean(),
});

const relationSchema = z.object({
  oid: z.number().int(),
  schema: z.string(),
  name: z.string(),
  /** pg_class.relkind: r table, p partitioned, v view, m materialised view, f foreign table, S sequence */
  kind: z.string(),
  columns: z.array(columnSchema),
  /** pg_inherits, partitions included */
  parents: z.array(z.number().int()),
  /** attnums of the primary key */
  primaryKey: z.array(z.number().int()),
  /** attnums that stand in a unique or exclusion index or a foreign key, the primary key included */
  unique: z.array(z.number().int()),
  /** pg_get_viewdef(), views and materialised views only */
  definition: z.string().optional(),
  /** reltuples, −1 when never analysed */
  rows: z.number(),
  /** user triggers and rules (other than a view's _RETURN) exist */
  hasTriggers: z.boolean(),
  hasRules: z.boolean(),
});

const functionSchema = z.object({
  oid: z.number().int(),
  schema: z.string(),
  name: z.string(),
  /** pg_get_function_identity_arguments() */
  arguments: z.string(),
  language: z.string(),
  /** i immutable, s stable, v volatile */
  volatility: z.string(),
  /** pg_proc.prokind: f function, p procedure, a aggregate, w window */
  kind: z.string(),
  definitionHash: z.string(),
});

export const catalogSchema = z.object({
  /** server_version_num, e.g. 180004 */
  serverVersion: z.number().int(),
  /** current_database() of the upstream; ids use the registered name, not this */
  databaseName: z.string(),
  schemas: z.array(z.string()),
  relations: z.array(relationSchema),
  /** functions outside pg_catalog and information_schema */
  functions: z.array(functionSchema),
  /** names of operators outside pg_catalog whose function is neither built in nor an extension's compiled code */
  operators: z.array(z.string()),
  /** types outside pg_catalog, row types of relations excepted */
  types: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      kind: z.string(),
      /** a cast, an input function or a domain's check of it can run a function that somebody wrote here */
      opaque: z.boolean().optional(),
    }),
  ),
});

export type Catalog = z.infer<typeof catalogSchema>;
export type CatalogRelation = z.infer<typeof relationSchema>;
export type CatalogColumn = z.infer<typeof columnSchema>;
export type CatalogFunction = z.infer<typeof functionSchema>;

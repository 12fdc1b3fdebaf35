import type { Client } from "pg";
import { type Catalog, catalogSchema } from "@/lib/sql/catalog";

/**
 * What to read: the whole database less other sessions' temporary relations; named relations (a missing schema
 * means any schema); or what the running session alone has in its temporary schema.
 */
export type CatalogScope =
  | { kind: "database" }
  | { kind: "relations"; relations: { schema?: string; name: string }[] }
  | { kind: "temporary" };

const catalogReadMsMax = 60_000;

/**
 * One SELECT without parameters that returns one row with one text column: the Catalog as JSON. Works on PostgreSQL 13
 * to 18 over the simple protocol. Definitions and type names are qualified only as far as the search_path of the
 * session asks, so narrow scopes, which run in a client's session, leave definitions out.
 */
export function catalogSql(scope: CatalogScope): string {
  const whole = scope.kind === "database";
  return `
WITH RECURSIVE picked AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples, c.relhastriggers, c.relhasrules
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${scopeCondition(scope)}
), ${baseTypesCte}, ${columnsCte(whole)}, ${keysCte}
SELECT pg_catalog.json_build_object(
  'serverVersion', pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
  'databaseName', pg_catalog.current_database(),
  'schemas', ${whole ? schemasSelect : "'[]'::pg_catalog.json"},
  'relations', (${relationsSelect(whole)}),
  'functions', ${whole ? functionsSelect : "'[]'::pg_catalog.json"},
  'operators', ${whole ? operatorsSelect : "'[]'::pg_catalog.json"},
  'types', ${whole ? typesSelect : "'[]'::pg_catalog.json"}
)::pg_catalog.text AS catalog`;
}

const isSystemSchema = (name: string): string =>
  `${name} IN ('pg_catalog', 'information_schema', 'pg_toast') OR ${name} LIKE 'pg\\_temp\\_%' OR ${name} LIKE 'pg\\_toast\\_temp\\_%'`;

function scopeCondition(scope: CatalogScope): string {
  switch (scope.kind) {
    case "database":
      return `NOT (${isSystemSchema("n.nspname")})`;
    case "temporary":
      return "n.oid = pg_catalog.pg_my_temp_schema()";
    case "relations": {
      const named = scope.relations.map((relation) => {
        const name = `c.relname = ${literal(relation.name)}`;
        return relation.schema === undefined ? name : `(n.nspname = ${literal(relation.schema)} AND ${name})`;
      });
      const visible = `(NOT (${isSystemSchema("n.nspname")}) OR n.oid = pg_catalog.pg_my_temp_schema())`;
      return named.length === 0 ? "false" : `${visible} AND (${named.join(" OR ")})`;
    }
  }
}

/** A string constant that reads the same whatever standard_conforming_strings says. */
function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return value.includes("\\") ? `E${quoted}` : quoted;
}

const baseTypesCte = `domains AS (
  SELECT t.oid, t.typbasetype AS base, t.typtypmod AS modifier FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
  UNION ALL
  SELECT d.oid, t.typbasetype, CASE WHEN d.modifier = -1 THEN t.typtypmod ELSE d.modifier END
  FROM domains d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype = 'd'
), base_types AS (
  SELECT d.oid, pg_catalog.format_type(d.base, d.modifier) AS name
  FROM domains d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype <> 'd'
)`;

const columnsCte = (whole: boolean): string => `columns AS (
  SELECT a.attrelid, pg_catalog.json_agg(pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
    'number', a.attnum, 'name', a.attname, 'typeOid', a.atttypid::pg_catalog.int8,
    'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'typeKind', t.typtype, 'baseType', b.name,
    'notNull', a.attnotnull, 'generated', a.attgenerated <> '',
    'expression', ${whole ? "CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END" : "NULL"},
    'readable', pg_catalog.has_table_privilege(a.attrelid, 'SELECT')
      OR pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
  )) ORDER BY a.attnum) AS list
  FROM pg_catalog.pg_attribute a JOIN picked ON picked.oid = a.attrelid
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN base_types b ON b.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated <> ''
  WHERE a.attnum > 0 AND NOT a.attisdropped AND picked.relkind <> 'S' GROUP BY a.attrelid
)`;

// Columns of an index stand in indkey; those inside its expressions and predicate only in pg_depend.
const keysCte = `key_columns AS (
  SELECT i.indrelid AS oid, k.number::pg_catalog.int4 AS number, i.indisprimary AS is_primary
  FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey) k(number) WHERE i.indisunique OR i.indisexclusion
  UNION
  SELECT i.indrelid, d.refobjsubid, false FROM pg_catalog.pg_index i JOIN pg_catalog.pg_depend d
    ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = i.indexrelid
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = i.indrelid
  WHERE i.indisunique OR i.indisexclusion
  UNION
  SELECT c.conrelid, k.number, false FROM pg_catalog.pg_constraint c, pg_catalog.unnest(c.conkey) k(number)
  WHERE c.contype = 'f'
), keys AS (
  SELECT oid, pg_catalog.json_agg(DISTINCT number) FILTER (WHERE is_primary) AS primary_key,
    pg_catalog.json_agg(DISTINCT number) AS list
  FROM key_columns WHERE number > 0 GROUP BY oid
), parents AS (
  SELECT inhrelid AS oid, pg_catalog.json_agg(inhparent::pg_catalog.int8 ORDER BY inhseqno) AS list
  FROM pg_catalog.pg_inherits GROUP BY inhrelid
), triggered AS (
  SELECT DISTINCT tgrelid AS oid FROM pg_catalog.pg_trigger WHERE NOT tgisinternal
), ruled AS (
  SELECT DISTINCT ev_class AS oid FROM pg_catalog.pg_rewrite WHERE rulename <> '_RETURN'
)`;

const relationsSelect = (whole: boolean): string => `
  SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
    'oid', r.oid::pg_catalog.int8, 'schema', r.nspname, 'name', r.relname, 'kind', r.relkind,
    'columns', COALESCE(columns.list, '[]'::pg_catalog.json), 'parents', COALESCE(parents.list, '[]'::pg_catalog.json),
    'primaryKey', COALESCE(keys.primary_key, '[]'::pg_catalog.json), 'unique', COALESCE(keys.list, '[]'::pg_catalog.json),
    'definition', ${whole ? "CASE WHEN r.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(r.oid) END" : "NULL"},
    'rows', r.reltuples, 'hasTriggers', triggered.oid IS NOT NULL, 'hasRules', ruled.oid IS NOT NULL
  )) ORDER BY r.nspname, r.relname), '[]'::pg_catalog.json)
  FROM picked r LEFT JOIN columns ON columns.attrelid = r.oid LEFT JOIN parents ON parents.oid = r.oid
  LEFT JOIN keys ON keys.oid = r.oid LEFT JOIN triggered ON triggered.oid = r.oid LEFT JOIN ruled ON ruled.oid = r.oid`;

const schemasSelect = `(SELECT COALESCE(pg_catalog.json_agg(n.nspname ORDER BY n.nspname), '[]'::pg_catalog.json)
    FROM pg_catalog.pg_namespace n WHERE NOT (${isSystemSchema("n.nspname")}))`;

// The hash covers the whole row but its privileges, so that any change of what the function does changes it.
const functionsSelect = `(SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_object(
    'oid', p.oid::pg_catalog.int8, 'schema', n.nspname, 'name', p.proname,
    'arguments', pg_catalog.pg_get_function_identity_arguments(p.oid), 'language', l.lanname,
    'volatility', p.provolatile, 'kind', p.prokind,
    'definitionHash', pg_catalog.md5((pg_catalog.to_jsonb(p) - 'proacl')::pg_catalog.text)
  ) ORDER BY n.nspname, p.proname, p.oid), '[]'::pg_catalog.json)
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang WHERE NOT (${isSystemSchema("n.nspname")}))`;

/** A function that somebody here wrote: not built in, and not compiled code that came with an extension. */
const isOwnFunction = (oid: string): string => `EXISTS (
      SELECT 1 FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace
      JOIN pg_catalog.pg_language fl ON fl.oid = f.prolang
      WHERE f.oid = ${oid} AND fn.nspname <> 'pg_catalog' AND NOT (fl.lanname IN ('c', 'internal') AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
          AND e.objid = f.oid AND e.deptype = 'e')))`;

const operatorsSelect = `(SELECT COALESCE(pg_catalog.json_agg(DISTINCT o.oprname), '[]'::pg_catalog.json)
    FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
    WHERE n.nspname <> 'pg_catalog' AND ${isOwnFunction("o.oprcode::pg_catalog.oid")})`;

const typesSelect = `(SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_object(
    'schema', n.nspname, 'name', t.typname, 'kind', t.typtype,
    'opaque', ${isOwnFunction("t.typinput::pg_catalog.oid")}
      OR EXISTS (SELECT 1 FROM pg_catalog.pg_cast c WHERE t.oid IN (c.castsource, c.casttarget) AND ${isOwnFunction("c.castfunc")})
      OR EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = k.oid
        AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
        WHERE k.contypid = t.oid AND ${isOwnFunction("d.refobjid")})
  ) ORDER BY n.nspname, t.typname), '[]'::pg_catalog.json)
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class r ON r.oid = t.typrelid
  WHERE NOT (${isSystemSchema("n.nspname")}) AND (r.oid IS NULL OR r.relkind = 'c')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid))`;

/**
 * Reads the whole catalog in one READ ONLY transaction of its own, at most a minute long. The client must not be in a
 * transaction. Throws what `pg` throws, or a ZodError when the server answers something else than a catalog.
 */
export async function readCatalog(client: Client): Promise<Catalog> {
  await client.query("BEGIN TRANSACTION READ ONLY");
  try {
    // An empty path makes the server qualify every name in definitions and types.
    await client.query(`SET LOCAL search_path = ''; SET LOCAL statement_timeout = ${catalogReadMsMax}`);
    const result = await client.query<{ catalog: string }>(catalogSql({ kind: "database" }));
    return catalogSchema.parse(JSON.parse(result.rows[0]?.catalog ?? "null"));
  } finally {
    await client.query("ROLLBACK");
  }
}

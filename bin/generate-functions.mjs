/**
 * Prints, as one JSON document, what an embedded PostgreSQL 18 has in its system schemas: the functions of pg_catalog,
 * the relations with their columns, and the settings. `lib/sql/server-lists.test.ts` holds our reviewed lists
 * against it; run it by hand after a change of PostgreSQL's version to see what is new.
 */
import pg from "pg";
import { register } from "tsx/esm/api";

register();
const { tempPostgres } = await import("../lib/upstream/embedded-postgres.ts");

/** Functions that SQL reaches as operators, casts, type input and output, or not at all. */
const functionsSql = `
  SELECT proname AS name, bool_and(p.oid IN (SELECT oprcode FROM pg_operator)
    OR p.oid IN (SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout]) FROM pg_type)
    OR p.oid IN (SELECT amproc FROM pg_amproc) OR p.oid IN (SELECT amhandler FROM pg_am)
    OR p.oid IN (SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn,
      aggminvtransfn, aggmfinalfn]) FROM pg_aggregate)
    OR p.oid IN (SELECT unnest(ARRAY[rngsubdiff, rngcanonical]) FROM pg_range)
    OR p.oid IN (SELECT conproc FROM pg_conversion)
    OR 'internal'::regtype = ANY (proargtypes::oid[])
    OR prorettype IN (SELECT oid FROM pg_type WHERE typtype = 'p' AND typname !~ '^(any|record$|void$)')) AS support,
    string_agg(DISTINCT provolatile::text, '') AS volatility
  FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY proname ORDER BY proname`;

const relationsSql = `
  SELECT nspname || '.' || relname AS name, array_agg(attname::text ORDER BY attnum) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0
  WHERE nspname IN ('pg_catalog', 'information_schema') AND relkind IN ('r', 'v') GROUP BY 1 ORDER BY 1`;

const settingsSql = "SELECT name, context FROM pg_settings ORDER BY name";

const server = await tempPostgres();
try {
  const client = new pg.Client(server.url("postgres"));
  await client.connect();
  const lists = {};
  for (const [list, sql] of [
    ["functions", functionsSql],
    ["relations", relationsSql],
    ["settings", settingsSql],
  ]) {
    lists[list] = (await client.query(sql)).rows;
  }
  await client.end();
  process.stdout.write(`${JSON.stringify(lists)}\n`);
} finally {
  await server.stop();
}

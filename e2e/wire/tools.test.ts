import { spawnSync } from "node:child_process";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { errorsOf, RawClient } from "../fixtures/raw-client";
import { principal, stack } from "../fixtures/stack";

const hasPsql = spawnSync("psql", ["--version"]).status === 0;

/** What psql sends for \d, \d TABLE, \dt and \l, as PostgreSQL 15's client writes them. */
const describeCommands = ["\\d", "\\d customers", "\\dt", "\\dn", "\\df", "\\dv", "\\conninfo", "\\du"];

/** What drivers send at start-up and when they look types up. */
const startupStatements: [string, string][] = [
  ["pgjdbc", "SET extra_float_digits = 3"],
  ["pgjdbc", "SET application_name = 'PostgreSQL JDBC Driver'"],
  [
    "pgjdbc types",
    "SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = 25",
  ],
  [
    "pgjdbc tables",
    "SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass) WHERE c.relnamespace = n.oid AND c.relkind = 'r' ORDER BY 2, 3",
  ],
  [
    "asyncpg",
    "SELECT t.oid, t.typelem AS elemtype, t.typtype AS kind FROM pg_catalog.pg_type AS t WHERE t.oid = ANY(ARRAY[25, 23]::oid[])",
  ],
  ["asyncpg reset", "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL;"],
  ["prisma", "SELECT oid, typname FROM pg_type WHERE typname IN ('citext', 'hstore')"],
  ["prisma", "SHOW server_version"],
  [
    "postgres.js",
    "select b.oid, b.typarray from pg_catalog.pg_type a left join pg_catalog.pg_type b on b.oid = a.typelem where a.typcategory = 'A' group by b.oid, b.typarray order by b.oid",
  ],
  ["node-postgres", "SELECT current_schema(), current_database(), version()"],
  [
    "dbeaver",
    "SELECT db.oid, db.* FROM pg_catalog.pg_database db WHERE datallowconn AND NOT datistemplate ORDER BY db.datname",
  ],
  [
    "psycopg",
    "SELECT typname AS name, oid, typarray AS array_oid, oid::regtype::text AS regtype, typdelim AS delimiter FROM pg_type t WHERE t.oid = to_regtype('uuid')",
  ],
];

describe("tools that people bring", () => {
  it.each(startupStatements)("%s starts up: %s", async (_, sql) => {
    const client = await RawClient.login({ ...(await stack()).broker, ...(await principal("reporting-agent")) });
    expect(errorsOf(await client.run(sql))).toEqual([]);
    client.destroy();
  });

  it.skipIf(!hasPsql).each(describeCommands)("psql runs %s as a principal with masked columns", async (command) => {
    const { dsn } = await principal("reporting-agent");
    const psql = spawnSync("psql", [dsn, "-X", "-v", "ON_ERROR_STOP=1", "-c", command], { encoding: "utf8" });
    expect(psql.stderr).toBe("");
    expect(psql.status).toBe(0);
  });

  it("shows a name and the masked value through node-postgres", async () => {
    const client = new pg.Client({ connectionString: (await principal("reporting-agent")).dsn });
    await client.connect();
    const { rows } = await client.query("SELECT id, name, email FROM customers ORDER BY id LIMIT 1");
    expect(rows[0].email).toMatch(/^.…?\*?.*@/);
    await client.end();
  });
});

import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "@/lib/sql/catalog";
import { type EmbeddedPostgres, tempPostgres } from "./embedded-postgres";
import { catalogSql, readCatalog } from "./read-catalog";

const schema = `
CREATE DOMAIN short AS varchar(10) CHECK (length(VALUE) < 11);
CREATE DOMAIN shorter AS short;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE FUNCTION valid(x text) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE DOMAIN checked AS text CHECK (valid(VALUE));
CREATE FUNCTION same(a int, b int) RETURNS bool LANGUAGE sql AS 'SELECT a = b';
CREATE OPERATOR ==== (FUNCTION = same, LEFTARG = int, RIGHTARG = int);
CREATE TABLE parent (id int PRIMARY KEY, code shorter UNIQUE, low text, up text GENERATED ALWAYS AS (upper(low)) STORED, m mood);
CREATE TABLE child (extra int REFERENCES parent) INHERITS (parent);
CREATE UNIQUE INDEX ON parent (lower(low));
CREATE VIEW seen AS SELECT id, low FROM parent;
CREATE SCHEMA "Odd";
CREATE TABLE "Odd"."T b" ("C" numeric(10,2), dropped int);
ALTER TABLE "Odd"."T b" DROP COLUMN dropped;
CREATE ROLE limited LOGIN PASSWORD 'p';
GRANT USAGE ON SCHEMA public TO limited;
GRANT SELECT (id) ON parent TO limited;
`;

let server: EmbeddedPostgres;
let catalog: Catalog;

beforeAll(async () => {
  server = await tempPostgres();
  const client = new pg.Client(server.url("postgres"));
  await client.connect();
  await client.query(schema);
  catalog = await readCatalog(client);
  await client.end();
});
afterAll(() => server?.stop());

const relation = (name: string) => catalog.relations.find((one) => one.name === name);

describe("readCatalog", () => {
  it("reads relations with columns, kinds and keys, and no system ones", () => {
    expect(catalog.relations.map((one) => `${one.schema}.${one.name}:${one.kind}`)).toEqual([
      "Odd.T b:r",
      "public.child:r",
      "public.parent:r",
      "public.seen:v",
    ]);
    expect(relation("T b")?.columns.map((one) => [one.name, one.type])).toEqual([["C", "numeric(10,2)"]]);
    expect(relation("parent")).toMatchObject({ primaryKey: [1], unique: [1, 2, 3], parents: [] });
    expect(relation("child")).toMatchObject({ parents: [relation("parent")?.oid], unique: [6] });
  });

  it("gives a domain its base type and a generated column its expression", () => {
    const columns = relation("parent")?.columns ?? [];
    expect(columns[1]).toMatchObject({ type: "public.shorter", typeKind: "d", baseType: "character varying(10)" });
    expect(columns[3]).toMatchObject({ generated: true, expression: "upper(low)" });
    expect(columns[4]).toMatchObject({ type: "public.mood", typeKind: "e" });
  });

  it("qualifies names in definitions", () => {
    expect(relation("seen")?.definition).toContain("FROM public.parent");
  });

  it("names operators and types that can run somebody's function", () => {
    expect(catalog.operators).toEqual(["===="]);
    expect(catalog.types.map((one) => [one.name, one.kind, one.opaque])).toEqual([
      ["checked", "d", true],
      ["mood", "e", false],
      ["short", "d", false],
      ["shorter", "d", false],
    ]);
  });

  it("says which columns the role may read", async () => {
    const client = new pg.Client(server.url("postgres", { name: "limited", password: "p" }));
    await client.connect();
    const own = await readCatalog(client);
    await client.end();
    const readable = own.relations.find((one) => one.name === "parent")?.columns.filter((one) => one.readable);
    expect(readable?.map((one) => one.name)).toEqual(["id"]);
  });

  it("reads what one session has on its own", async () => {
    const client = new pg.Client(server.url("postgres"));
    await client.connect();
    await client.query('CREATE TEMP TABLE parent (x int); BEGIN; CREATE TABLE "it\'s\\" (y int)');
    const temporary = JSON.parse((await client.query(catalogSql({ kind: "temporary" }))).rows[0].catalog);
    const named = JSON.parse(
      (await client.query(catalogSql({ kind: "relations", relations: [{ name: "parent" }, { name: "it's\\" }] })))
        .rows[0].catalog,
    );
    await client.end();
    expect(temporary.relations.map((one: { schema: string }) => one.schema)).toEqual([
      expect.stringMatching(/^pg_temp_/),
    ]);
    expect(named.relations.map((one: { name: string }) => one.name).sort()).toEqual(["it's\\", "parent", "parent"]);
  });
});

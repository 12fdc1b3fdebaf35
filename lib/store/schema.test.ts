import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { packageRoot } from "@/lib/package-root";

type Column = { type: string; nullable: boolean };
type Table = { columns: Record<string, Column>; primaryKey: string[]; unique: string[][]; indexes: string[][] };

const databaseTypes: Record<string, string> = {
  String: "text",
  Int: "integer",
  BigInt: "bigint",
  Bytes: "bytea",
  Json: "jsonb",
  Float: "double precision",
  Boolean: "boolean",
  DateTime: "timestamp(3) with time zone",
};

function namesIn(list: string, columnOf: Map<string, string>): string[] {
  return list.split(",").map((name) => columnOf.get(name.trim()) ?? name.trim());
}

/** The tables that the model describes, read from its text. */
function modelTables(schema: string): Record<string, Table> {
  const tables: Record<string, Table> = {};
  for (const [, , body] of schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const lines = (body ?? "").split("\n").map((line) => line.trim());
    const table: Table = { columns: {}, primaryKey: [], unique: [], indexes: [] };
    const columnOf = new Map<string, string>();
    let mapped = "";
    for (const line of lines) {
      const field = /^(\w+)\s+(\w+)(\[\])?(\?)?\s*(.*)$/.exec(line);
      const type = field && databaseTypes[field[2] ?? ""];
      if (field && type && !line.startsWith("@@")) {
        const [, name = "", , list, optional, rest = ""] = field;
        const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? name;
        columnOf.set(name, column);
        const base = rest.includes("@db.Uuid") ? "uuid" : type;
        table.columns[column] = { type: list ? `${base}[]` : base, nullable: optional !== undefined };
        if (/@id\b/.test(rest)) table.primaryKey = [column];
        if (/@unique\b/.test(rest)) table.unique.push([column]);
      }
      const block = /^@@(id|unique|index)\(\[([^\]]+)\]/.exec(line);
      if (block?.[1] === "id") table.primaryKey = namesIn(block[2] ?? "", columnOf);
      if (block?.[1] === "unique") table.unique.push(namesIn(block[2] ?? "", columnOf));
      if (block?.[1] === "index") table.indexes.push(namesIn(block[2] ?? "", columnOf));
      mapped = /^@@map\("(\w+)"\)/.exec(line)?.[1] ?? mapped;
    }
    tables[mapped] = table;
  }
  return tables;
}

/** The tables that the database has, partial indexes left out because the model cannot say them. */
async function liveTables(store: TestStore): Promise<Record<string, Table>> {
  const columns = await store.asOwner(`
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped and c.relname <> '_prisma_migrations'`);
  const indexes = await store.asOwner(`
    select c.relname, i.indisprimary, i.indisunique,
      array(select a.attname::text from unnest(i.indkey) with ordinality k(n, o)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.n order by k.o) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and not c.relispartition and i.indpred is null
      and c.relname <> '_prisma_migrations'`);
  const tables: Record<string, Table> = {};
  for (const row of columns.rows) {
    tables[row.relname] ??= { columns: {}, primaryKey: [], unique: [], indexes: [] };
    (tables[row.relname] as Table).columns[row.attname] = { type: row.type, nullable: row.nullable };
  }
  for (const row of indexes.rows) {
    const table = tables[row.relname] as Table;
    if (row.indisprimary) table.primaryKey = row.columns;
    else (row.indisunique ? table.unique : table.indexes).push(row.columns);
  }
  return tables;
}

function sorted(tables: Record<string, Table>): Record<string, Table> {
  for (const table of Object.values(tables)) {
    table.unique.sort((a, b) => a.join().localeCompare(b.join()));
    table.indexes.sort((a, b) => a.join().localeCompare(b.join()));
  }
  return tables;
}

describe("the live schema", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(() => store?.stop());

  it("is what the model describes: tables, columns, types, keys and indexes", async () => {
    const model = modelTables(await readFile(join(packageRoot(), "prisma", "schema.prisma"), "utf8"));
    expect(Object.keys(model).length).toBeGreaterThan(15);
    expect(sorted(await liveTables(store))).toEqual(sorted(model));
  });

  it("has a foreign key for every relation of the model, with the same deletion rule", async () => {
    const text = await readFile(join(packageRoot(), "prisma", "schema.prisma"), "utf8");
    const wanted = [...text.matchAll(/fields: \[\w+\], references: \[id\](?:, onDelete: (\w+))?\)/g)]
      .map(([, rule]) => (rule ?? "Restrict").toLowerCase())
      .sort();
    const { rows } = await store.asOwner(
      `select confdeltype from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
    );
    const rules: Record<string, string> = { c: "cascade", r: "restrict" };
    expect(rows.map((row) => rules[row.confdeltype] ?? row.confdeltype).sort()).toEqual(wanted);
  });
});

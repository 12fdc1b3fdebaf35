import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, tempPostgres } from "@/lib/upstream/embedded-postgres";
import { maskExpression } from "./expression";
import { parseMask } from "./parse-masking";

let server: EmbeddedPostgres;
let client: pg.Client;

beforeAll(async () => {
  server = await tempPostgres();
  const admin = new pg.Client(server.url("postgres"));
  await admin.connect();
  await admin.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  await admin.end();
  client = await connect("postgres");
  await client.query(`CREATE TYPE mood AS ENUM ('sad'); CREATE TYPE pair AS (a int, b text);
    CREATE DOMAIN short AS varchar(5) CHECK (VALUE = 'x');
    CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
});
afterAll(async () => {
  await client?.end();
  await server?.stop();
});

async function connect(database: string, key = "a key of enough length"): Promise<pg.Client> {
  const made = new pg.Client({
    connectionString: server.url(database),
    options: `-c countersign.token_key=${key.replaceAll(" ", "\\ ")}`,
  });
  await made.connect();
  return made;
}

const maskNames = [
  "redact",
  "null",
  "email",
  "last4",
  "first1",
  "initials",
  "year",
  "month",
  "token",
  "ip-prefix",
  "text",
  "bucket:10",
  "bucket:999999999",
  "fixed:it's",
  "fixed:",
];

const texts = [
  "",
  " ",
  "a",
  "ab",
  "@",
  "a@b",
  "abc@x.co",
  "a@b@c.com",
  "SECRET",
  "\\",
  "'",
  '"',
  "%s",
  "é😀漢字é😀漢字",
  "x".repeat(4000),
  "Ada Lovelace",
  "0",
  "-1",
  "\n\t",
];
const odd: [type: string, values: string[]][] = [
  ["text", texts],
  ["character varying", texts],
  ["character varying(3)", ["", "a", "abc"]],
  ["character varying(40)", ["someone@example.com", "1234567890"]],
  ["character(5)", ["", "ab", "abcde"]],
  ["name", ["abc"]],
  ['"char"', ["a", ""]],
  ["smallint", ["-32768", "32767", "0"]],
  ["integer", ["-2147483648", "2147483647", "0"]],
  ["bigint", ["-9223372036854775808", "9223372036854775807"]],
  ["numeric", ["NaN", "Infinity", "-Infinity", "1e500", "-0.0001"]],
  ["numeric(3,0)", ["999", "-999", "NaN"]],
  ["numeric(5,5)", ["0.99999", "-0.99999"]],
  ["numeric(2,-3)", ["99000", "-99000"]],
  ["real", ["NaN", "Infinity", "3.4e38", "-3.4e38", "1e-40"]],
  ["double precision", ["NaN", "-Infinity", "1.7e308", "-1.7e308"]],
  ["boolean", ["true", "false"]],
  ["date", ["infinity", "-infinity", "4713-01-01 BC", "5874897-12-31", "2024-02-29"]],
  ["timestamp without time zone", ["infinity", "-infinity", "4713-01-01 BC", "294276-12-31", "2024-02-29 12:00"]],
  ["timestamp(3) with time zone", ["infinity", "-infinity", "4713-01-01 BC", "294276-12-30", "2024-02-29 12:00+14"]],
  ["time without time zone", ["24:00"]],
  ["time with time zone", ["12:00+05"]],
  ["interval", ["1 year", "-178000000 years"]],
  ["interval day to second", ["1 day"]],
  ["uuid", ["ffffffff-ffff-ffff-ffff-ffffffffffff"]],
  ["json", ["null", "1", '{"a":"SECRET"}']],
  ["jsonb", ["null", "1", '{"a":"SECRET"}']],
  ["bytea", ["\\x", "\\xff00"]],
  ["inet", ["10.1.2.3", "10.0.0.0/8", "::1", "fe80::/10", "0.0.0.0/0"]],
  ["cidr", ["10.0.0.0/8", "192.168.1.1/32", "::/0", "2001:db8::/64"]],
  ["macaddr", ["08:00:2b:01:02:03"]],
  ["xml", ["<a/>", "text"]],
  ["money", ["1.00"]],
  ["text[]", ["{}", "{SECRET,NULL}", "{{a},{b}}"]],
  ["numeric(4,1)[]", ["{1.5}"]],
  ["bit(3)", ["101"]],
  ["bit varying(5)", ["1"]],
  ["int4range", ["[1,2)", "empty"]],
  ["tsvector", ["a b"]],
  ["point", ["(1,2)"]],
  ["oid", ["1"]],
  ["public.mood", ["sad"]],
  ["public.pair", ["(1,SECRET)", "(,)"]],
];

const expression = (type: string, mask: string, nulls: "keep" | "hide" = "keep") => {
  const parsed = parseMask(mask);
  if (parsed === null) throw new Error(mask);
  return maskExpression({ column: '"v"', type, typeKind: "b", mask: parsed, nulls });
};

async function masked(
  type: string,
  mask: string,
  value: string | null,
  nulls: "keep" | "hide" = "keep",
): Promise<string | null> {
  const result = await client.query(
    `SELECT (${expression(type, mask, nulls)})::text AS v FROM (SELECT $1::text::${type} AS v) s`,
    [value],
  );
  return result.rows[0].v;
}

describe("maskExpression on a server", () => {
  for (const [type, values] of odd) {
    it(`never fails, keeps the type and keeps NULL: ${type}`, async () => {
      await client.query("DROP TABLE IF EXISTS t");
      await client.query(`CREATE TEMP TABLE t (v ${type})`);
      for (const value of [...values, null]) await client.query(`INSERT INTO t SELECT $1::text::${type}`, [value]);
      for (const mask of maskNames) {
        for (const nulls of ["keep", "hide"] as const) {
          const sql = expression(type, mask, nulls);
          const result = await client.query({
            text: `SELECT v::text AS before, (${sql})::text AS after, pg_catalog.format_type(pg_catalog.pg_typeof(${sql})::oid, NULL) =
              pg_catalog.format_type(pg_catalog.pg_typeof(v)::oid, NULL) AS same FROM t`,
          });
          for (const row of result.rows) {
            expect({ mask, ...row, same: row.same }).toMatchObject({ same: true });
            if (row.before === null && nulls === "keep") expect(row.after).toBeNull();
            // The scrub shows what is no address and no number: that is what it is for.
            if (mask !== "text") expect(row.after ?? "").not.toContain("SECRET");
          }
        }
      }
    });
  }

  it.each([
    ["text", "email", "someone@example.com", "s***@example.com"],
    ["text", "email", "ab@example.com", "***"],
    ["text", "email", "no address", "***"],
    ["text", "last4", "4111111111111111", "***1111"],
    ["text", "last4", "1234567", "***"],
    ["text", "first1", "abcde", "a***"],
    ["text", "first1", "abcd", "***"],
    ["text", "initials", "Ada Lovelace", "A.L."],
    ["text", "initials", "A B", "***"],
    ["text", "text", "mail a@b.co or call +33 1 23 45 67 89 now", "mail [address] or call [number] now"],
    ["character varying(5)", "fixed:longer", "x", "longe"],
    ["date", "year", "2024-02-29", "2024-01-01"],
    ["date", "month", "2024-02-29", "2024-02-01"],
    ["date", "year", "infinity", "1970-01-01"],
    ["integer", "bucket:10", "57", "50"],
    ["integer", "bucket:10", "-1", "-10"],
    ["integer", "bucket:10", "-2147483648", "0"],
    ["numeric(4,1)", "bucket:10", "57.3", "50.0"],
    ["inet", "ip-prefix", "10.1.2.3", "10.1.2.0/24"],
    ["inet", "ip-prefix", "2001:db8:1:2::3", "2001:db8:1::/48"],
    ["integer", "last4", "12345678", "0"],
    ["text", "year", "2024-02-29", "***"],
    ["public.mood", "redact", "sad", null],
  ])("%s as %s: %s shows %s", async (type, mask, value, shown) => {
    expect(await masked(type, mask, value)).toBe(shown);
  });

  it("hides NULL where asked", async () => {
    expect(await masked("text", "email", null, "hide")).toBe("***");
  });

  it("makes tokens that are equal for equal values and differ by key", async () => {
    const one = await masked("text", "token", "value");
    expect(one).toMatch(/^tok_[0-9a-f]{24}$/);
    expect(await masked("text", "token", "value")).toBe(one);
    expect(await masked("character varying(40)", "token", "value")).toBe(one);
    expect(await masked("text", "token", "valuf")).not.toBe(one);
    expect(await masked("uuid", "token", "ffffffff-ffff-ffff-ffff-ffffffffffff")).toMatch(/^[0-9a-f-]{36}$/);
    const other = await connect("postgres", "another key of enough length");
    const sql = `SELECT (${expression("text", "token")}) AS v FROM (SELECT 'value'::text AS v) s`;
    expect((await other.query(sql)).rows[0].v).not.toBe(one);
    await other.end();
  });

  it("redacts where the token's key is missing or short", async () => {
    const sql = `SELECT (${expression("text", "token")}) AS v FROM (SELECT 'value'::text AS v) s`;
    const none = new pg.Client(server.url("postgres"));
    await none.connect();
    expect((await none.query(sql)).rows[0].v).toBe("***");
    await none.end();
    const short = await connect("postgres", "short");
    expect((await short.query(sql)).rows[0].v).toBe("***");
    await short.end();
  });

  it("works under collations and encodings that regular expressions dislike", async () => {
    const latin = await connect("latin");
    for (const mask of maskNames) {
      await client.query(
        `SELECT ${expression("text", mask)} FROM (SELECT 'Some.One@Example.com' COLLATE anycase AS v) s ORDER BY 1`,
      );
      await latin.query(`SELECT ${expression("text", mask)} FROM (VALUES ('é@b.co'), ('abcdé'), (NULL)) s(v)`);
    }
    await latin.end();
  });

  it("names nothing that a search_path could redirect", () => {
    for (const [type] of odd) {
      for (const mask of maskNames) {
        const bare = expression(type, mask)
          .replaceAll(/'(?:[^']|'')*'/g, "''")
          .match(/(?<![.\w])[a-z_][a-z0-9_]*\(/g);
        expect(bare ?? []).toEqual([]);
      }
    }
  });
});

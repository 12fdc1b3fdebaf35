import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, tempPostgres } from "@/lib/upstream/embedded-postgres";
import { maskExpression } from "./expression";
import { parseMask } from "./parse-masking";
import { previewMask } from "./preview";
import type { Mask } from "./types";

let server: EmbeddedPostgres;
let client: pg.Client;
beforeAll(async () => {
  server = await tempPostgres();
  client = new pg.Client({
    connectionString: server.url("postgres"),
    options: "-c countersign.token_key=a\\ key\\ of\\ enough\\ length -c timezone=UTC",
  });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await server?.stop();
});

const masks = ["redact", "null", "email", "last4", "first1", "initials", "text", "year", "month", "ip-prefix"].concat([
  "bucket:1000",
  "fixed:hidden",
]);
const types = [
  "text",
  "character varying",
  "character varying(80)",
  "character varying(3)",
  "character(12)",
  "smallint",
  "integer",
  "bigint",
  "numeric",
  "numeric(12,2)",
  "real",
  "double precision",
  "boolean",
  "date",
  "timestamp without time zone",
  "timestamp with time zone",
  "time without time zone",
  "interval",
  "uuid",
  "json",
  "jsonb",
  "integer[]",
  "inet",
  "cidr",
  "bytea",
];

async function asServer(mask: Mask, type: string, value: string): Promise<string | null> {
  const expression = maskExpression({ column: "v", type, typeKind: "b", mask, nulls: "keep" });
  const { rows } = await client.query<{ masked: string | null }>({
    text: `SELECT ${expression} AS masked FROM (SELECT $1::text::${type} AS v) one`,
    values: [value],
    types: { getTypeParser: () => (written: string | Buffer) => String(written) },
  });
  return rows[0]?.masked ?? null;
}

describe("a preview is what the server returns for the same value", () => {
  it.each(types)("of %s", async (type) => {
    for (const text of masks) {
      const mask = parseMask(text) as Mask;
      const { before, after } = previewMask(mask, type);
      const real = await asServer(mask, type, before);
      expect({ mask: text, after: after?.trimEnd() ?? null }).toEqual({ mask: text, after: real?.trimEnd() ?? null });
    }
  });

  it.each(["text", "uuid", "integer"])("of the shape of a token for %s", async (type) => {
    const mask: Mask = { kind: "token" };
    const { before, after } = previewMask(mask, type);
    const shape = (value: string | null) => value?.replace(/[0-9a-f]/g, "0").replace(/^0+$/, "0");
    expect(shape(after)).toBe(shape(await asServer(mask, type, before)));
  });

  it("of what this code cannot name is NULL", () => {
    expect(previewMask({ kind: "redact" }, "no such type()").after).toBeNull();
  });
});

import pg from "pg";
import { describe, expect, it } from "vitest";
import { bindMessage, errorsOf, executeMessage, parseMessage, type RawClient, sync } from "../fixtures/raw-client";
import { directly, open, principal } from "../fixtures/stack";

const secrets = async () => {
  const rows = await directly("SELECT email, phone FROM customers WHERE id <= 50");
  return rows
    .flatMap((row) => [row.email, row.phone])
    .filter((value): value is string => typeof value === "string" && value.length > 6);
};
const leaks = async (client: RawClient) => {
  const bytes = Buffer.concat(client.received).toString("latin1");
  return (await secrets()).filter((secret) => bytes.includes(secret));
};

const statements = [
  "SELECT * FROM customers WHERE id <= 50",
  "SELECT c.email, o.id FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id <= 50",
  "SELECT email FROM (SELECT * FROM customers WHERE id <= 50) AS inner_customers",
  "WITH c AS (SELECT email FROM customers WHERE id <= 50) SELECT email FROM c",
  "SELECT email FROM customers WHERE id <= 25 UNION ALL SELECT email FROM customers WHERE id BETWEEN 26 AND 50",
  "SELECT min(email), max(phone), count(*) FROM customers WHERE id <= 50",
  "SELECT email FROM customers WHERE id <= 50 ORDER BY email LIMIT 40",
  "SELECT to_jsonb(c) FROM customers c WHERE id <= 50",
  "SELECT c FROM customers c WHERE id <= 50",
  "TABLE customers",
  "SELECT string_agg(email, ',') FROM customers WHERE id <= 50",
  "SELECT array_agg(phone) FROM customers WHERE id <= 50",
];

describe("masked columns", () => {
  it.each(statements)("stay masked in %s", async (sql) => {
    const client = await open("reporting-agent");
    const messages = await client.run(sql);
    expect(errorsOf(messages)).toEqual([]);
    expect(messages.some((m) => m.type === "D")).toBe(true);
    expect(await leaks(client)).toEqual([]);
    client.destroy();
  });

  it.each(statements)("stay masked in binary and with a prepared statement: %s", async (sql) => {
    const client = await open("reporting-agent");
    client.send(
      Buffer.concat([
        parseMessage(sql),
        bindMessage([], { binary: !/\bc FROM|to_jsonb/.test(sql) }),
        executeMessage(),
        sync,
      ]),
    );
    const messages = await client.until("Z");
    expect(errorsOf(messages)).toEqual([]);
    expect(await leaks(client)).toEqual([]);
    client.destroy();
  });

  it("are masked in predicates too, so nothing can be inferred", async () => {
    const [row] = await directly("SELECT email FROM customers WHERE id = 1");
    const client = new pg.Client({ connectionString: (await principal("reporting-agent")).dsn });
    await client.connect();
    const { rows } = await client.query("SELECT count(*)::int AS n FROM customers WHERE email = $1", [row!.email]);
    expect(rows[0].n).toBe(0);
    await client.end();
  });

  it.each([
    "SELECT query_to_xml('select email from customers', true, false, '')",
    "SELECT most_common_vals FROM pg_stats WHERE tablename = 'customers'",
    "SELECT ctid, email FROM customers",
    "SELECT email FROM customers FOR UPDATE",
    "SELECT set_config('a.b', email, false) FROM customers",
    "SELECT pg_read_file('/etc/passwd')",
    "CREATE VIEW leak AS SELECT email FROM customers",
    "DO $$ BEGIN RAISE NOTICE '%', (SELECT email FROM customers LIMIT 1); END $$",
    "SHOW countersign.token_key",
    "SELECT current_setting('countersign.token_key')",
  ])("%s is refused, never passed", async (sql) => {
    const client = await open("reporting-agent");
    const messages = await client.run(sql);
    expect(errorsOf(messages)).toHaveLength(1);
    expect(["0A000", "42501", "22023"]).toContain(errorsOf(messages)[0]!.C);
    expect(messages.some((m) => m.type === "D")).toBe(false);
    expect(errorsOf(await client.run("SELECT 1"))).toEqual([]);
    client.destroy();
  });

  it("do not leave in the text of an error", async () => {
    const client = await open("reporting-agent");
    const [error] = errorsOf(await client.run("SELECT email::int FROM customers WHERE id <= 50"));
    expect(error).toBeDefined();
    expect(await leaks(client)).toEqual([]);
    client.destroy();
  });

  it("keep their types, so a driver reads them as before", async () => {
    const masked = await open("reporting-agent");
    const plain = await directly(
      "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'customers'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
    );
    const described = await masked.run("SELECT * FROM customers LIMIT 0");
    const columns = described.find((m) => m.type === "T")!.body.readUInt16BE(0);
    expect(columns).toBe(plain.length);
    masked.destroy();
  });
});

import { readFileSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, tempPostgres } from "@/lib/upstream/embedded-postgres";
import { loadShop, makeShop } from "./load-shop";

let server: EmbeddedPostgres;
let client: Client;

beforeAll(async () => {
  server = await tempPostgres();
  client = new Client({ connectionString: server.url("postgres") });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await server?.stop();
});

async function value(sql: string): Promise<unknown> {
  const { rows } = await client.query(sql);
  return Object.values(rows[0])[0];
}

describe("the sample shop", () => {
  const schema = readFileSync(new URL("schema.sql", import.meta.url), "utf8");

  it("is the same on every run", () => {
    expect(JSON.stringify(makeShop())).toBe(JSON.stringify(makeShop()));
  });

  it("loads at least 20,000 rows, and once only", async () => {
    expect(await loadShop(client, schema)).toBeGreaterThanOrEqual(20_000);
    expect(await loadShop(client, schema)).toBe(0);
  });

  it.each([
    ["totals are the sums of their lines", "SELECT count(*)::int FROM orders WHERE total <> order_total(id)", 0],
    ["refresh_totals finds nothing to correct", "SELECT refresh_totals()", 0],
    ["every month of page views has its partition", "SELECT count(*)::int FROM ONLY page_views_rest", 0],
    [
      "payments exist only where an order was not pending",
      "SELECT count(*)::int FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.status = 'pending'",
      0,
    ],
    ["new rows get ids after the sample's", "INSERT INTO orders (customer_id) VALUES (1) RETURNING id::int", 6_001],
    [
      "an order can be deleted with what hangs on it",
      "WITH gone AS (DELETE FROM orders WHERE id = 7 RETURNING 1) SELECT count(*)::int FROM gone",
      1,
    ],
  ])("%s", async (_title, sql, expected) => {
    expect(await value(sql)).toBe(expected);
  });

  it("writes personal data into the free text of tickets", async () => {
    expect(
      await value("SELECT count(*)::int FROM support_tickets WHERE body ~ '@' AND body ~ '[+][0-9]'"),
    ).toBeGreaterThan(50);
    expect(await value("SELECT count(*)::int FROM monthly_revenue")).toBeGreaterThan(50);
  });
});

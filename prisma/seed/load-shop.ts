import type { Client } from "pg";
import { makeOrders, makeProducts } from "./make-orders";
import { makePageViews } from "./make-page-views";
import { makeCustomers, makeEmployees } from "./make-people";
import { makeTickets } from "./make-tickets";
import { seededRandom } from "./random";

const seed = 20_250_704;
const counts = { customers: 2_500, employees: 140, orders: 6_000, tickets: 1_200, pageViews: 12_000 };
const batchRowsMax = 2_000;

/** Rows by table, in the order in which foreign keys allow them to be inserted. */
export type ShopRows = [table: string, rows: Record<string, unknown>[]][];

/** The whole sample database; the same on every call. */
export function makeShop(): ShopRows {
  const random = seededRandom(seed);
  const { customers, addresses } = makeCustomers(random, counts.customers);
  const employees = makeEmployees(random, counts.employees);
  const products = makeProducts(random);
  const { orders, items, payments } = makeOrders(random, { customers, addresses, products, count: counts.orders });
  const tickets = makeTickets(random, { customers, orders, employees, count: counts.tickets });
  const views = makePageViews(random, { customers: customers.length, products, count: counts.pageViews });
  return [
    ["customers", customers],
    ["addresses", addresses],
    ["products", products],
    ["orders", orders],
    ["order_items", items],
    ["payments", payments],
    ["employees", employees],
    ["support_tickets", tickets],
    ["page_views", views],
  ];
}

/**
 * Fills an empty database with the shop, in one transaction; answers how many rows it wrote. `schema` is the text of
 * schema.sql. A database that has the shop already is left as it is and answers 0.
 */
export async function loadShop(client: Client, schema: string): Promise<number> {
  const { rows: present } = await client.query("SELECT to_regclass('public.customers') AS found");
  if (present[0]?.found) return 0;
  let total = 0;
  await client.query("BEGIN");
  await client.query(schema);
  for (const [table, rows] of makeShop()) {
    for (let from = 0; from < rows.length; from += batchRowsMax) {
      const batch = rows.slice(from, from + batchRowsMax);
      const columns = Object.keys(batch[0] ?? {}).join(", ");
      await client.query(
        `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
        [JSON.stringify(batch)],
      );
      total += batch.length;
    }
    if ("id" in (rows[0] ?? {})) {
      await client.query(`SELECT setval(pg_get_serial_sequence($1, 'id'), $2)`, [table, rows.length]);
    }
  }
  await client.query("REFRESH MATERIALIZED VIEW monthly_revenue");
  await client.query("COMMIT");
  await client.query("ANALYZE");
  return total;
}

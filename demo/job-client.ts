import pg from "pg";
import type { BrowserSession } from "./browser-session";
import type { DemoFile } from "./demo-file";

const answerMsMax = 15_000;
const pollMs = 10;

export type Held = { approval: number; url: string; result: Promise<pg.QueryResult> };

/** Starts a DELETE and waits for the notice that it is held. */
export async function hold(client: pg.Client, order: number): Promise<Held> {
  const noticed = new Promise<string>((resolve) => client.once("notice", ({ message }) => resolve(message ?? "")));
  const result = client.query("DELETE FROM orders WHERE id = $1", [order]);
  const refusedEarly = result.then(
    () => "it ran without waiting",
    (error: Error) => error.message,
  );
  const message = await Promise.race([noticed, refusedEarly]);
  const found = /^held for approval: request (\d+), (\S+)$/.exec(message);
  expect(found !== null, `a notice that names the request, not: ${message}`);
  return { approval: Number(found?.[1]), url: found?.[2] ?? "", result };
}

/** Votes to approve, as the console's own form does. */
export function review(demo: DemoFile, browser: BrowserSession, approval: number): Promise<Response> {
  return browser.fetch(`${demo.console}/api/approvals/${approval}/reviews`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ vote: "approve", reason: "agreed: the order is a duplicate" }),
  });
}

/** Notes when each probe of `measureFeed` first shows in the stream; ends when the stream does. */
export async function readFeed(response: Response, arrivals: Map<string, number>): Promise<void> {
  const decoder = new TextDecoder();
  let tail = "";
  try {
    for await (const chunk of response.body ?? []) {
      tail += decoder.decode(chunk as Uint8Array, { stream: true });
      for (const [name] of tail.matchAll(/probe_\d+_end/g))
        if (!arrivals.has(name)) arrivals.set(name, performance.now());
      tail = tail.slice(-1_024);
    }
  } catch {
    // aborted: the measurement is over
  }
}

/** An order without lines, made past the broker, that may be deleted. */
export async function newOrder(demo: DemoFile): Promise<number> {
  const { rows } = await withClient(demo.upstream, (client) =>
    client.query("INSERT INTO orders (customer_id) VALUES (1) RETURNING id"),
  );
  return Number(rows[0].id);
}

export async function countOrders(demo: DemoFile, order: number): Promise<number> {
  const result = await withClient(demo.upstream, (client) =>
    client.query("SELECT 1 FROM orders WHERE id = $1", [order]),
  );
  return result.rowCount ?? 0;
}

/** The error that a statement ends with. @throws Error when it runs */
export async function refused(client: pg.Client, statement: string): Promise<pg.DatabaseError> {
  try {
    await client.query(statement);
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error;
    throw error;
  }
  throw new Error(`expected a refusal; it ran: ${statement}`);
}

/** Runs `work` on a connection of its own. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {}); // reported by the statement that runs
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Looks until something is there. @throws Error that names `what` after 15 s */
export async function eventually<Result>(look: () => Promise<Result | undefined>, what: string): Promise<Result> {
  const deadline = Date.now() + answerMsMax;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`expected ${what} within ${answerMsMax / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Milliseconds, for people. */
export function percentiles(times: number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

/** @throws Error that says what was expected */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`expected ${what}`);
}

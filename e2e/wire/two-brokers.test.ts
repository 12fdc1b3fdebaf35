import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorFields, errorsOf, RawClient } from "../fixtures/raw-client";
import { directly, ownBroker, person, principal, stack } from "../fixtures/stack";

/** Two brokers on one store: the stack's own and a second one. */

/** what a statement needs to reach the upstream */
const startedMs = 500;

let second: Awaited<ReturnType<typeof ownBroker>>;

beforeAll(async () => {
  second = await ownBroker({});
});

afterAll(async () => {
  await second?.stop();
});

const order = async (): Promise<number> => {
  const [row] = await directly(
    "INSERT INTO orders (customer_id, status, placed_at, total) VALUES (1, 'pending', now(), 100) RETURNING id",
  );
  return Number(row!.id);
};
const exists = async (id: number): Promise<boolean> =>
  (await directly(`SELECT 1 FROM orders WHERE id = ${id}`)).length === 1;

async function connectSecond(agent: string): Promise<pg.Client> {
  const { user, password, database } = await principal(agent);
  const client = new pg.Client({ host: "127.0.0.1", port: second.port, user, password, database });
  await client.connect();
  return client;
}

/** Sends the client's cancel key to the broker that does not have its session. */
async function cancelAtFirst(client: pg.Client): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const canceller = await RawClient.open((await stack()).broker);
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(16, 0);
  bytes.writeUInt32BE(80877102, 4);
  bytes.writeInt32BE(processID, 8);
  bytes.writeInt32BE(secretKey, 12);
  canceller.send(bytes);
  await canceller.next();
}

const codeOf = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => "finished",
    (error) => error.code,
  );

describe("two brokers on one store", () => {
  it("cancel each other's running statements", async () => {
    const client = await connectSecond("reporting-agent");
    const slow = codeOf(
      client.query("SELECT count(*) FROM order_items a, order_items b, order_items c WHERE a.line = b.line"),
    );
    await new Promise((resolve) => setTimeout(resolve, startedMs));
    await cancelAtFirst(client);
    expect(await slow).toBe("57014");
    expect((await client.query("SELECT 1 AS one FROM orders LIMIT 1")).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  it("cancel each other's held statements, which withdraws the request", async () => {
    const id = await order();
    const client = await connectSecond("maintenance-agent");
    const noticed = new Promise<void>((resolve) => client.once("notice", () => resolve()));
    const held = codeOf(client.query(`DELETE FROM orders WHERE id = ${id}`));
    await noticed;
    await cancelAtFirst(client);
    expect(await held).toBe("57014");
    expect(await exists(id)).toBe(true);
    await client.end();
  });

  it("release a statement that waits at the second within a second of the decision", async () => {
    const id = await order();
    const client = await second.login("maintenance-agent");
    const result = client.run(`DELETE FROM orders WHERE id = ${id}`);
    const reviewer = await person("reviewer", "security");
    const [pending] = await reviewer.pending();
    expect((await reviewer.review(pending!.id, "approve", "agreed")).status).toBe(200);
    const began = performance.now();
    expect((await result).find(({ type }) => type === "C")?.body.toString()).toBe("DELETE 1\0");
    expect(performance.now() - began).toBeLessThan(1_000);
    client.destroy();
  });

  it("join one request for the same statement, and use its approval once", async () => {
    const id = await order();
    const text = `DELETE FROM orders WHERE id = ${id}`;
    const { broker } = await stack();
    const clients = [
      await RawClient.login({ ...broker, ...(await principal("maintenance-agent")) }),
      await second.login("maintenance-agent"),
    ];
    const results = clients.map((client) => client.run(text));
    const reviewer = await person("reviewer", "security");
    const pending = await reviewer.pending();
    expect(pending).toHaveLength(1);
    await reviewer.review(pending[0]!.id, "approve", "agreed");
    const outcomes = (await Promise.all(results)).map(
      (messages) => errorsOf(messages)[0]?.C ?? messages.find(({ type }) => type === "C")?.body.toString(),
    );
    expect(outcomes.sort()).toEqual(["DELETE 1\0", "ZS002"]);
    expect(await exists(id)).toBe(false);
    for (const client of clients) client.destroy();
  });

  it("let an approval be used at the one when it was asked for at the other", async () => {
    const id = await order();
    const text = `DELETE FROM orders WHERE id = ${id}`;
    const asking = await second.login("maintenance-agent");
    await asking.run("SET countersign.wait = 0");
    const [refused] = errorsOf(await asking.run(text));
    expect(refused).toMatchObject({ C: "ZS001" });
    const reviewer = await person("reviewer", "security");
    await reviewer.review(Number(JSON.parse(refused!.D!).request), "approve", "agreed");
    asking.destroy();
    const { broker } = await stack();
    const using = await RawClient.login({ ...broker, ...(await principal("maintenance-agent")) });
    const messages = await using.run(text);
    expect(messages.filter(({ type }) => type === "E").map(({ body }) => errorFields(body))).toEqual([]);
    expect(await exists(id)).toBe(false);
    using.destroy();
  });
});

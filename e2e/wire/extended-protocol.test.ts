import pg from "pg";
import postgres from "postgres";
import { describe, expect, it } from "vitest";
import {
  bindMessage,
  cstring,
  errorsOf,
  executeMessage,
  frame,
  parseMessage,
  RawClient,
  sync,
} from "../fixtures/raw-client";
import { open, principal, stack } from "../fixtures/stack";

const driver = async (name: string) => {
  const client = new pg.Client({ connectionString: (await principal(name)).dsn });
  await client.connect();
  return client;
};

describe("the extended protocol", () => {
  it("runs a named statement many times with different parameters", async () => {
    const client = await driver("reporting-agent");
    for (const id of [1, 2, 3]) {
      const { rows } = await client.query({ name: "by-id", text: "SELECT id FROM orders WHERE id = $1", values: [id] });
      expect(rows).toEqual([{ id: expect.anything() }]);
      expect(Number(rows[0].id)).toBe(id);
    }
    await client.end();
  });

  it("serves a portal in pieces and suspends between them", async () => {
    const client = await open("reporting-agent");
    client.send(
      Buffer.concat([
        parseMessage("SELECT id FROM orders ORDER BY id LIMIT 5"),
        bindMessage([], { portal: "p" }),
        executeMessage({ portal: "p", rows: 2 }),
        executeMessage({ portal: "p", rows: 2 }),
        executeMessage({ portal: "p", rows: 2 }),
        sync,
      ]),
    );
    const types = (await client.until("Z")).map((m) => m.type).join("");
    expect(types).toBe("12DDsDDsDCZ");
    client.destroy();
  });

  it("describes a statement without executing it", async () => {
    const client = await open("reporting-agent");
    client.send(
      Buffer.concat([
        parseMessage("SELECT id, email FROM customers WHERE id = $1", "s"),
        frame("D", cstring("Ss")),
        sync,
      ]),
    );
    const messages = await client.until("Z");
    expect(messages.map((m) => m.type).join("")).toBe("1tTZ");
    client.destroy();
  });

  it("discards up to Sync after an error and answers ready once", async () => {
    const client = await open("reporting-agent");
    client.send(
      Buffer.concat([
        parseMessage("SELECT FROM FROM"),
        bindMessage(),
        executeMessage(),
        parseMessage("SELECT 1"),
        bindMessage(),
        executeMessage(),
        sync,
        parseMessage("SELECT 2"),
        bindMessage(),
        executeMessage(),
        sync,
      ]),
    );
    const first = await client.until("Z");
    expect(first.map((m) => m.type).join("")).toBe("EZ");
    expect(errorsOf(first)[0]).toMatchObject({ C: "42601" });
    expect((await client.until("Z")).map((m) => m.type).join("")).toBe("12DCZ");
    client.destroy();
  });

  it("copies out and in", async () => {
    const reader = await driver("maintenance-agent");
    const { rows } = await reader.query("SELECT count(*)::int AS n FROM orders");
    await reader.end();
    expect(rows[0].n).toBeGreaterThan(0);
    const client = await open("maintenance-agent");
    const out = await client.run("COPY (SELECT id FROM orders ORDER BY id LIMIT 3) TO STDOUT");
    expect(out.filter((m) => m.type === "d").map((m) => m.body.toString())).toEqual(["1\n", "2\n", "3\n"]);
    client.destroy();
  });

  it("works with postgres.js, which pipelines and prepares", async () => {
    const sql = postgres((await principal("reporting-agent")).dsn, { max: 2 });
    const results = await Promise.all([1, 2, 3, 4].map((id) => sql`SELECT id FROM orders WHERE id = ${id}`));
    expect(results.map((rows) => Number(rows[0]!.id))).toEqual([1, 2, 3, 4]);
    await sql.end();
  });

  it("cancels a running statement with the broker's own key", async () => {
    const client = await driver("engineer");
    const key = {
      processID: (client as unknown as { processID: number }).processID,
      secretKey: (client as unknown as { secretKey: number }).secretKey,
    };
    const running = client.query("SELECT count(*) FROM orders a, orders b, orders c").catch((error) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const canceller = await RawClient.open((await stack()).broker);
    const request = Buffer.alloc(16);
    request.writeUInt32BE(16, 0);
    request.writeUInt32BE(80877102, 4);
    request.writeInt32BE(key.processID, 8);
    request.writeInt32BE(key.secretKey, 12);
    canceller.send(request);
    expect((await running).code).toBe("57014");
    await client.end();
  });
});

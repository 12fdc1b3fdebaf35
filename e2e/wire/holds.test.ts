import pg from "pg";
import { describe, expect, it } from "vitest";
import {
  bindMessage,
  errorFields,
  errorsOf,
  executeMessage,
  parseMessage,
  RawClient,
  sync,
} from "../fixtures/raw-client";
import { directly, open, person, principal, stack, store } from "../fixtures/stack";

/** within which a change reaches every broker */
const snapshotMs = 1500;

const order = async () => {
  const [row] = await directly(
    "INSERT INTO orders (customer_id, status, placed_at, total) VALUES (1, 'pending', now(), 100) RETURNING id",
  );
  return Number(row!.id);
};
const exists = async (id: number) => (await directly(`SELECT 1 FROM orders WHERE id = ${id}`)).length === 1;

const heldRequest = async (client: RawClient): Promise<number> => {
  const messages = await client.until("N");
  const notice = errorFields(messages.at(-1)!.body);
  expect(notice.C).toBe("00000");
  const found = /^held for approval: request (\d+), (http.*)$/.exec(notice.M!);
  expect(found).not.toBeNull();
  expect(JSON.parse(notice.D!)).toMatchObject({ decision: "hold", request: found![1], url: found![2] });
  return Number(found![1]);
};
const statusOf = async (id: number) => (await store(`SELECT status, use FROM approval WHERE id = ${id}`))[0];
const eventually = (id: number) => expect.poll(() => statusOf(id), { timeout: 8000 });

describe("a held statement", () => {
  it("waits in the client's call and returns its result once another person approves", async () => {
    const id = await order();
    const client = await open("maintenance-agent");
    const result = client.run(`DELETE FROM orders WHERE id = ${id}`);
    const watcher = await person("reviewer", "security");
    const [pending] = await watcher.pending();
    expect(pending).toBeDefined();
    expect(await exists(id)).toBe(true);
    expect((await watcher.review(pending!.id, "approve", "duplicate order")).status).toBe(200);
    const messages = await result;
    expect(messages.map((m) => m.type).join("")).toMatch(/^N+CZ$/);
    expect(messages.find((m) => m.type === "C")!.body.toString()).toBe("DELETE 1\0");
    expect(await exists(id)).toBe(false);
    await eventually(pending!.id).toMatchObject({ status: "approved", use: "used" });
    client.destroy();
  });

  it("is refused with ZS002 and the reviewer's reason when it is denied", async () => {
    const id = await order();
    const client = await open("maintenance-agent");
    const result = client.run(`DELETE FROM orders WHERE id = ${id}`);
    const reviewer = await person("reviewer", "security");
    const [pending] = await reviewer.pending();
    await reviewer.review(pending!.id, "deny", "this order is disputed");
    const [error] = errorsOf(await result);
    expect(error).toMatchObject({ S: "ERROR", C: "ZS002" });
    expect(JSON.parse(error!.D!).reason).toContain("this order is disputed");
    expect(await exists(id)).toBe(true);
    expect(errorsOf(await client.run("SELECT 1"))).toEqual([]);
    client.destroy();
  });

  it("is held at Bind in the extended protocol, with its parameters shown to the reviewer", async () => {
    const id = await order();
    const client = await open("maintenance-agent");
    client.send(
      Buffer.concat([
        parseMessage("DELETE FROM orders WHERE id = $1"),
        bindMessage([String(id)]),
        executeMessage(),
        sync,
      ]),
    );
    const request = await heldRequest(client);
    const reviewer = await person("reviewer", "security");
    const seen = JSON.stringify(await reviewer.read(request));
    expect(seen).toContain("DELETE FROM orders WHERE id = $1");
    expect((await reviewer.review(request, "approve", "agreed")).status).toBe(200);
    const messages = await client.until("Z");
    expect(messages.find((m) => m.type === "C")!.body.toString()).toBe("DELETE 1\0");
    client.destroy();
  });

  it("is withdrawn when the client hangs up", async () => {
    const client = await open("maintenance-agent");
    const id = await order();
    client.run(`DELETE FROM orders WHERE id = ${id}`).catch(() => undefined);
    const reviewer = await person("reviewer", "security");
    const [pending] = await reviewer.pending();
    client.destroy();
    await eventually(pending!.id).toMatchObject({ status: "withdrawn" });
    await expect
      .poll(() =>
        store(
          `SELECT kind, sqlstate FROM audit_event WHERE approval_id = ${pending!.id} AND kind = 'statement.refused'`,
        ),
      )
      .toEqual([{ kind: "statement.refused", sqlstate: "57014" }]);
    expect((await reviewer.review(pending!.id, "approve", "too late")).status).toBe(409);
    expect(await exists(id)).toBe(true);
  });

  it("is withdrawn with 57014 when the client cancels", async () => {
    const id = await order();
    const client = new pg.Client({ connectionString: (await principal("maintenance-agent")).dsn });
    await client.connect();
    const held = new Promise<void>((resolve) => client.once("notice", () => resolve()));
    const outcome = client.query(`DELETE FROM orders WHERE id = ${id}`).then(
      () => "ran",
      (error) => error.code,
    );
    await held;
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    const canceller = await RawClient.open((await stack()).broker);
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(16, 0);
    bytes.writeUInt32BE(80877102, 4);
    bytes.writeInt32BE(processID, 8);
    bytes.writeInt32BE(secretKey, 12);
    canceller.send(bytes);
    expect(await outcome).toBe("57014");
    expect(await exists(id)).toBe(true);
    await client.end();
  });

  it("answers ZS001 when the wait is over, and the approved request is used by the first repeat only", async () => {
    const id = await order();
    const client = await open("maintenance-agent");
    await client.run("SET countersign.wait = 0");
    const text = `DELETE FROM orders WHERE id = ${id}`;
    const [first] = errorsOf(await client.run(text));
    expect(first).toMatchObject({ C: "ZS001" });
    const request = Number(JSON.parse(first!.D!).request);
    const [again] = errorsOf(await client.run(text));
    expect(Number(JSON.parse(again!.D!).request)).toBe(request);
    const reviewer = await person("reviewer", "security");
    expect((await reviewer.review(request, "approve", "agreed")).status).toBe(200);
    const ran = await client.run(text);
    expect(ran.find((m) => m.type === "C")!.body.toString()).toBe("DELETE 1\0");
    const [third] = errorsOf(await client.run(text));
    expect(third).toMatchObject({ C: "ZS001" });
    expect(Number(JSON.parse(third!.D!).request)).not.toBe(request);
    client.destroy();
  });

  it("cannot be approved by somebody outside the group, nor by an admin for being one", async () => {
    const id = await order();
    const client = await open("maintenance-agent");
    const result = client.run(`DELETE FROM orders WHERE id = ${id}`);
    const reviewer = await person("reviewer", "security");
    const [pending] = await reviewer.pending();
    for (const other of [await person("reviewer", "data-owners"), await person("admin"), await person("auditor")]) {
      expect([403, 409]).toContain((await other.review(pending!.id, "approve", "let me")).status);
    }
    expect(await statusOf(pending!.id)).toMatchObject({ status: "pending" });
    await reviewer.review(pending!.id, "deny", "a test");
    await result;
    client.destroy();
  });

  it("has one outcome when two people decide at the same instant", async () => {
    for (let round = 0; round < 5; round++) {
      const id = await order();
      const client = await open("maintenance-agent");
      const result = client.run(`DELETE FROM orders WHERE id = ${id}`);
      const reviewer = await person("reviewer", "security");
      const [pending] = await reviewer.pending();
      const answers = await Promise.all([
        reviewer.review(pending!.id, "approve", "yes"),
        reviewer.review(pending!.id, "deny", "no"),
      ]);
      expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
      const approved = answers[0]!.status === 200;
      const messages = await result;
      expect(errorsOf(messages).length === 0).toBe(approved);
      expect(await exists(id)).toBe(!approved);
      client.destroy();
    }
  });

  it("asks nobody when no policy permits the statement at all", async () => {
    const before = await store("SELECT count(*)::int AS n FROM approval");
    const client = await open("reporting-agent");
    const [error] = errorsOf(await client.run("DELETE FROM orders WHERE id = 1"));
    expect(error).toMatchObject({ C: "42501" });
    expect(await store("SELECT count(*)::int AS n FROM approval")).toEqual(before);
    client.destroy();
  });

  it("is superseded, not run, when the relation changed after the approval", async () => {
    const id = await order();
    const client = await open("maintenance-agent");
    await client.run("SET countersign.wait = 0");
    const text = `DELETE FROM orders WHERE id = ${id}`;
    const [first] = errorsOf(await client.run(text));
    const request = Number(JSON.parse(first!.D!).request);
    const reviewer = await person("reviewer", "security");
    await reviewer.review(request, "approve", "agreed");
    await directly("ALTER TABLE orders ADD COLUMN e2e_note text");
    try {
      const admin = await person("admin");
      expect((await admin.syncDatabase("shop")).status).toBeLessThan(300);
      await new Promise((resolve) => setTimeout(resolve, snapshotMs));
      expect(errorsOf(await client.run(text))[0]?.C).toMatch(/^ZS00[12]$/);
      expect(await exists(id)).toBe(true);
      await eventually(request).not.toMatchObject({ use: "used" });
    } finally {
      await directly("ALTER TABLE orders DROP COLUMN e2e_note");
      await (await person("admin")).syncDatabase("shop");
    }
    client.destroy();
  });
});

import { describe, expect, it } from "vitest";
import {
  bindMessage,
  cstring,
  errorFields,
  errorsOf,
  executeMessage,
  frame,
  parseMessage,
  type RawClient,
  sync,
} from "../fixtures/raw-client";
import { directly, open } from "../fixtures/stack";

const survives = async (client: RawClient) => {
  const messages = await client.run("SELECT 1");
  expect(messages.map((m) => m.type)).toEqual(["T", "D", "C", "Z"]);
};

describe("statements that cannot be read", () => {
  it("answers unparsable SQL as PostgreSQL does, with the position, and the session survives", async () => {
    const client = await open("reporting-agent");
    const [error] = errorsOf(await client.run("SELECT 1 FROM WHERE"));
    expect(error).toMatchObject({ S: "ERROR", C: "42601", P: "15" });
    await survives(client);
    client.destroy();
  });

  it("refuses a statement with an embedded NUL and carries on", async () => {
    const client = await open("reporting-agent");
    client.send(frame("Q", Buffer.concat([Buffer.from("SELECT 1\0; DROP TABLE orders"), Buffer.from([0])])));
    const messages = await client.until("Z");
    expect(errorsOf(messages)[0]).toMatchObject({ S: "ERROR", C: "08P01" });
    await survives(client);
    client.destroy();
  });

  it("refuses 2 MiB of SQL without parsing it", async () => {
    const client = await open("reporting-agent");
    const messages = await client.run(`SELECT '${"x".repeat(2 * 1024 * 1024)}'`);
    expect(errorsOf(messages)[0]).toMatchObject({ C: "54000" });
    await survives(client);
    client.destroy();
  });

  it("refuses 20,000 nested parentheses and can still parse afterwards", async () => {
    const client = await open("reporting-agent");
    const messages = await client.run(`SELECT ${"(".repeat(20_000)}1${")".repeat(20_000)}`);
    expect(errorsOf(messages)[0]).toMatchObject({ C: "54001" });
    for (let i = 0; i < 5; i++) await survives(client);
    client.destroy();
  });

  it("says 42P01 with a position for a relation that does not exist", async () => {
    const client = await open("reporting-agent");
    const [error] = errorsOf(await client.run("SELECT * FROM no_such_table"));
    expect(error).toMatchObject({ C: "42P01", P: "15" });
    await survives(client);
    client.destroy();
  });

  it("closes with 08P01 on a message of unknown type", async () => {
    const client = await open("reporting-agent");
    client.send(frame("y", cstring("?")));
    const messages = await client.until("never");
    expect(errorFields(messages[0]!.body)).toMatchObject({ S: "FATAL", C: "08P01" });
  });

  it("closes with 08P01 on a length below four", async () => {
    const client = await open("reporting-agent");
    client.send(Buffer.from([0x51, 0, 0, 0, 2]));
    const messages = await client.until("never");
    expect(errorFields(messages[0]!.body)).toMatchObject({ S: "FATAL", C: "08P01" });
  });
});

describe("batches and pipelines with a refused statement", () => {
  const rows = async () =>
    Number((await directly("SELECT count(*) FROM support_tickets WHERE subject = 'e2e'"))[0]!.count);
  const insert =
    "INSERT INTO support_tickets (customer_id, subject, body, opened_at) VALUES (1, 'e2e', 'written by a test', now())";

  it("runs a batch whole or not at all", async () => {
    const client = await open("maintenance-agent");
    const before = await rows();
    const messages = await client.run(`${insert}; DROP TABLE support_tickets`);
    expect(errorsOf(messages)[0]).toMatchObject({ C: "42501" });
    expect(messages.filter((m) => m.type === "C")).toEqual([]);
    expect(await rows()).toBe(before);
    await survives(client);
    client.destroy();
  });

  it("leaves no row of BEGIN, INSERT, refused, COMMIT", async () => {
    const client = await open("maintenance-agent");
    const before = await rows();
    await client.run("BEGIN");
    expect(errorsOf(await client.run(insert))).toEqual([]);
    const refused = await client.run("DROP TABLE support_tickets");
    expect(errorsOf(refused)[0]).toMatchObject({ C: "42501" });
    expect(refused.at(-1)!.body.toString()).toBe("E");
    expect(errorsOf(await client.run("SELECT 1"))[0]).toMatchObject({ C: "25P02" });
    const commit = await client.run("COMMIT");
    expect(commit.find((m) => m.type === "C")!.body.toString()).toBe("ROLLBACK\0");
    expect(commit.at(-1)!.body.toString()).toBe("I");
    expect(await rows()).toBe(before);
    client.destroy();
  });

  it("lets ROLLBACK TO SAVEPOINT recover from a refusal, as from any error", async () => {
    const client = await open("maintenance-agent");
    const before = await rows();
    await client.run("BEGIN");
    await client.run(insert);
    await client.run("SAVEPOINT a");
    await client.run("DROP TABLE support_tickets");
    expect(errorsOf(await client.run("ROLLBACK TO SAVEPOINT a"))).toEqual([]);
    await client.run("COMMIT");
    expect(await rows()).toBe(before + 1);
    await directly("DELETE FROM support_tickets WHERE subject = 'e2e'");
    client.destroy();
  });

  it("leaves no row of an unsynced pipeline with a refused statement, and answers it once", async () => {
    const client = await open("maintenance-agent");
    const before = await rows();
    const pipeline = [insert, "DROP TABLE support_tickets", insert].flatMap((sql) => [
      parseMessage(sql),
      bindMessage(),
      executeMessage(),
    ]);
    client.send(Buffer.concat([...pipeline, sync]));
    const messages = await client.until("Z");
    expect(errorsOf(messages)).toHaveLength(1);
    expect(errorsOf(messages)[0]).toMatchObject({ C: "42501" });
    expect(messages.at(-1)!.body.toString()).toBe("I");
    expect(await rows()).toBe(before);
    await survives(client);
    client.destroy();
  });

  it("answers with the policy's reason, a JSON detail on one line and a hint", async () => {
    const client = await open("reporting-agent");
    const [error] = errorsOf(await client.run("DROP TABLE orders"));
    expect(error!.C).toBe("42501");
    const detail = JSON.parse(error!.D!) as { decision: string; policies: string[]; reason: string };
    expect(detail.decision).toBe("deny");
    expect(detail.policies.length).toBeGreaterThan(0);
    expect(detail.reason.length).toBeGreaterThan(0);
    expect(error!.H!.length).toBeGreaterThan(0);
    expect(error!.M).toBe(error!.M!.charAt(0).toLowerCase() + error!.M!.slice(1));
    await survives(client);
    client.destroy();
  });
});

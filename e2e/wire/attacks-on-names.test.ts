import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AttackDatabase, attackDatabase, extended, query } from "../fixtures/attack-database";
import {
  type BackendMessage,
  bindMessage,
  cstring,
  errorsOf,
  executeMessage,
  flush,
  frame,
  parseMessage,
  type RawClient,
  sync,
} from "../fixtures/raw-client";

const sql = `
CREATE TABLE users (id int PRIMARY KEY, n text); INSERT INTO users VALUES (1, 'open');
CREATE TABLE orders (id int PRIMARY KEY, note text); INSERT INTO orders SELECT i, 'o' FROM generate_series(1, 20) i;
CREATE TABLE pg_vault (id int, v text); INSERT INTO pg_vault VALUES (1, 'HUSH');
CREATE SCHEMA hidden;
CREATE TABLE hidden.users (id int, n text); INSERT INTO hidden.users VALUES (1, 'HUSH');
CREATE TABLE hidden.only_there (id int, n text); INSERT INTO hidden.only_there VALUES (1, 'HUSH');`;
const cedar = `
@id("attacks-all") permit (principal is Person, action, resource in Database::"names");
@id("attacks-schema") forbid (principal, action, resource in Schema::"names.hidden");
@id("attacks-table") forbid (principal, action, resource == Table::"names.public.pg_vault");
@id("attacks-hold") @hold("security") @wait("5s")
forbid (principal, action in [Action::"delete"], resource in Database::"names");`;

let database: AttackDatabase;
let client: RawClient;

beforeAll(async () => {
  database = await attackDatabase({ name: "names", sql, cedar });
});
afterAll(() => database.restore());

/** Sends it all at once and reads that many answers. */
async function pipelined(parts: Buffer[], readies: number): Promise<BackendMessage[]> {
  client.send(Buffer.concat(parts));
  const messages: BackendMessage[] = [];
  for (let count = 0; count < readies; count++) messages.push(...(await client.until("Z")));
  return messages;
}

async function inTurn(...texts: string[]): Promise<BackendMessage[]> {
  const messages: BackendMessage[] = [];
  for (const text of texts) messages.push(...(await client.run(text)));
  return messages;
}

const closeMessage = (name: string): Buffer => frame("C", Buffer.concat([Buffer.from("S"), cstring(name)]));
const read = "SELECT * FROM users";
const readTemporary = "SELECT * FROM only_there";
const temporary = ["CREATE TEMP TABLE only_there (id int)", readTemporary];

const ways: [string, () => Promise<BackendMessage[]>][] = [
  ["SET in a batch", () => client.run(`SET search_path = hidden; ${read}`)],
  ["SET SCHEMA in a batch", () => client.run(`SET SCHEMA 'hidden'; ${read}`)],
  ["SET LOCAL in a batch", () => client.run(`BEGIN; SET LOCAL search_path = hidden; ${read}; COMMIT`)],
  ["set_config in a batch", () => client.run(`SELECT set_config('search_path', 'hidden', false); ${read}`)],
  ["SET in a query before", () => pipelined([query("SET search_path = hidden"), query(read)], 2)],
  ["SET in a pipeline before", () => pipelined([extended("SET search_path = hidden"), sync, extended(read), sync], 2)],
  ["SET in the same pipeline", () => pipelined([extended("SET search_path = hidden"), extended(read), sync], 1)],
  [
    "SET in a flushed pipeline",
    async () => {
      client.send(Buffer.concat([extended("SET search_path = hidden"), flush]));
      await client.until("C");
      return pipelined([extended(read), sync], 1);
    },
  ],
  [
    "ROLLBACK to a path of before",
    async () => {
      await inTurn("SET search_path = hidden", "BEGIN", "SET search_path = public");
      return pipelined([query("ROLLBACK"), query(read)], 2);
    },
  ],
  [
    "ROLLBACK in a batch to a path of before",
    async () => {
      await inTurn("SET search_path = hidden", "BEGIN", "SET search_path = public");
      return client.run(`ROLLBACK; ${read}`);
    },
  ],
  [
    "SET between Parse and Bind",
    async () => {
      await pipelined([parseMessage(read, "s"), sync], 1);
      return pipelined([query("SET search_path = hidden"), bindMessage([], { name: "s" }), executeMessage(), sync], 2);
    },
  ],
  ["a name that only looks like the system's", () => client.run("SELECT * FROM pg_vault")],
  [
    "a temporary table that was dropped",
    () => inTurn(...temporary, "DROP TABLE only_there", "SET search_path = hidden", readTemporary),
  ],
  [
    "a temporary table that was dropped in the batch",
    () => inTurn(...temporary, `DROP TABLE only_there; SET search_path = hidden; ${readTemporary}`),
  ],
  [
    "a temporary table that was rolled back",
    () => inTurn("BEGIN", ...temporary, "ROLLBACK", "SET search_path = hidden", readTemporary),
  ],
  [
    "a temporary table that was discarded",
    () => inTurn(...temporary, "DISCARD TEMP", "SET search_path = hidden", readTemporary),
  ],
];

describe("a table that policies forbid", () => {
  it.each(ways)("is not read by %s", async (_way, attack) => {
    client = await database.open("engineer");
    const errors = errorsOf(await attack());
    expect(["42501", "0A000"]).toContain(errors.at(-1)?.C);
    expect(Buffer.concat(client.received).toString("latin1")).not.toContain("HUSH");
    client.destroy();
  });

  it("leaves a batch that sets the path where it may read", async () => {
    client = await database.open("engineer");
    expect(errorsOf(await client.run(`SET search_path = public; ${read}; RESET ALL`))).toEqual([]);
    expect(errorsOf(await client.run("SELECT 1; RESET ALL; SELECT 2"))).toEqual([]);
    client.destroy();
  });
});

const remove = "DELETE FROM orders WHERE id = 7";
const executions: [string, () => Promise<BackendMessage[]>][] = [
  [
    "DEALLOCATE",
    async () => {
      await inTurn("PREPARE p AS SELECT 1", "DEALLOCATE p");
      await pipelined([parseMessage(remove, "p"), sync], 1);
      return client.run("EXECUTE p");
    },
  ],
  [
    "DISCARD ALL",
    async () => {
      await inTurn("PREPARE p AS SELECT 1", "DISCARD ALL", "SET countersign.wait = 0");
      await pipelined([parseMessage(remove, "p"), sync], 1);
      return client.run("EXECUTE p");
    },
  ],
  [
    "Close",
    async () => {
      await client.run("PREPARE p AS SELECT 1");
      await pipelined([closeMessage("p"), parseMessage(remove, "p"), sync], 1);
      return client.run("EXECUTE p");
    },
  ],
  [
    "DEALLOCATE in flight",
    async () => {
      await client.run("PREPARE p AS SELECT 1");
      return pipelined([query("DEALLOCATE p"), parseMessage(remove, "p"), sync, query("EXECUTE p")], 3);
    },
  ],
  [
    "DEALLOCATE after an EXECUTE was parsed",
    async () => {
      await client.run("PREPARE p AS SELECT 1");
      await pipelined([parseMessage("EXECUTE p", "e"), sync], 1);
      await client.run("DEALLOCATE p");
      await pipelined([parseMessage(remove, "p"), sync], 1);
      return pipelined([bindMessage([], { name: "e" }), executeMessage(), sync], 1);
    },
  ],
];

describe("EXECUTE of a name that was given anew", () => {
  it.each(executions)("is held as what it runs now, after %s", async (_way, attack) => {
    client = await database.open("engineer");
    await client.run("SET countersign.wait = 0");
    expect(errorsOf(await attack()).at(-1)).toMatchObject({ C: "ZS001" });
    expect(await database.directly("SELECT 1 FROM orders WHERE id = 7")).toHaveLength(1);
    client.destroy();
  });
});

describe("a question of the broker's own", () => {
  it("leaves the client's unnamed statement usable", async () => {
    client = await database.open("engineer");
    await pipelined([parseMessage("SELECT 'still there'"), sync], 1);
    // The role is asked for before the next statement; only named things are used until then.
    const portal = "reset";
    const reset = [bindMessage([], { name: portal, portal }), executeMessage({ portal })];
    await pipelined([parseMessage("RESET ROLE", portal), ...reset, sync], 1);
    const messages = await pipelined([bindMessage(), executeMessage(), sync], 1);
    expect(messages.map(({ type }) => type).join("")).toBe("2DCZ");
    expect(errorsOf(messages)).toEqual([]);
    client.destroy();
  });
});

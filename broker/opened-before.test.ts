import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memoryBroker } from "@/e2e/fixtures/memory-broker";
import {
  type BackendMessage,
  bindMessage,
  errorsOf,
  executeMessage,
  frame,
  parseMessage,
  type RawClient,
  sync,
} from "@/e2e/fixtures/raw-client";

const cedar = `@id("all") permit (principal, action, resource);`;
const labels = `labels: [{ id: pii.ssn, columns: ["*.*.users.ssn"] }, { id: pii.note, columns: ["*.*.notes.note"] }]`;
const masking = (...rules: string[]) => `${labels}\nrules: [${rules.join(", ")}]\ndefault: { unlabelled: show }\n`;
const ssnRule = "{ id: mask-ssn, match: { label: pii.ssn }, mask: redact }";
const noteRule = "{ id: mask-note, match: { label: pii.note }, mask: redact }";
const clear = { "main.cedar": cedar, "masking.yaml": masking() };
const masked = { "main.cedar": cedar, "masking.yaml": masking(ssnRule) };
const elsewhere = { "main.cedar": cedar, "masking.yaml": masking(noteRule) };
const held = {
  "main.cedar": `${cedar} @id("hold") @hold("security") forbid (principal, action == Action::"delete", resource);`,
};
const denied = { "main.cedar": `${cedar} @id("no") forbid (principal, action == Action::"select", resource);` };

let broker: Awaited<ReturnType<typeof memoryBroker>>;
let client: RawClient;

async function inForce(files: Record<string, string>): Promise<void> {
  broker.snapshot.bundle = { version: broker.snapshot.bundle!.version + 1, files };
  broker.changed();
  const version = () => Number(broker.broker.snapshot.version);
  await expect.poll(version, { timeout: 10_000 }).toBeGreaterThanOrEqual(Number(broker.snapshot.version));
}

beforeAll(async () => {
  const sql = `create table users (id int primary key, ssn text);
    insert into users select g, 'SECRET' || g from generate_series(1, 20) g;
    create table notes (id int, note text);
    create function opens() returns refcursor language plpgsql as
      $$ declare c refcursor := 'inside'; begin open c for select ssn from users; return c; end $$;`;
  broker = await memoryBroker({ bundle: clear, sql, groups: ["security"], agents: { bot: [] } });
});
afterAll(() => broker.stop());
beforeEach(async () => {
  client = await broker.raw("bot");
});
afterEach(async () => {
  client.destroy();
  await inForce(clear);
});

async function pipeline(...parts: Buffer[]): Promise<BackendMessage[]> {
  client.send(Buffer.concat([...parts, sync]));
  return client.until("Z");
}
const bound = (sql: string, portal: string) => [parseMessage(sql, portal), bindMessage([], { name: portal, portal })];
const extended = (sql: string) => pipeline(parseMessage(sql), bindMessage(), executeMessage());
const rowsOf = (messages: BackendMessage[]): number => messages.filter(({ type }) => type === "D").length;
const run = async (...texts: string[]): Promise<BackendMessage[]> => {
  let last: BackendMessage[] = [];
  for (const sql of texts) last = await client.run(sql);
  return last;
};

const refused = /changed since this cursor was opened|EXECUTE is not supported while columns are masked/;

/** How it is opened, and how rows are taken from it. */
const ways: [string, () => Promise<BackendMessage[]>, () => Promise<BackendMessage[]>][] = [
  [
    "a cursor",
    () => run("BEGIN", "DECLARE cc CURSOR FOR SELECT ssn FROM users", "FETCH 2 FROM cc"),
    () => run("FETCH 2 FROM cc"),
  ],
  [
    "a cursor that was opened in a batch",
    () => run("BEGIN; DECLARE cc CURSOR FOR SELECT ssn FROM users; FETCH 2 FROM cc"),
    () => run("MOVE 1 FROM cc; FETCH 2 FROM cc"),
  ],
  [
    "a cursor by the extended protocol",
    async () => {
      await run("BEGIN");
      await extended("DECLARE cc CURSOR FOR SELECT ssn FROM users");
      return extended("FETCH 2 FROM cc");
    },
    () => extended("FETCH 2 FROM cc"),
  ],
  [
    "a FETCH that was bound before",
    async () => {
      await run("BEGIN", "DECLARE cc CURSOR FOR SELECT ssn FROM users");
      return pipeline(...bound("FETCH 9 FROM cc", "f"), executeMessage({ portal: "f", rows: 2 }));
    },
    () => pipeline(executeMessage({ portal: "f", rows: 2 })),
  ],
  [
    "without masks, a cursor WITH HOLD after COMMIT",
    () => run("DECLARE held CURSOR WITH HOLD FOR SELECT ssn FROM users", "BEGIN; COMMIT", "FETCH 2 FROM held"),
    () => run("FETCH 2 FROM held"),
  ],
  [
    "a cursor whose name could not be taken anew",
    async () => {
      await run("BEGIN", "DECLARE cc CURSOR FOR SELECT ssn FROM users", "SAVEPOINT s");
      return run("FETCH 2 FROM cc");
    },
    () => run("DECLARE cc CURSOR FOR SELECT 1", "ROLLBACK TO s", "FETCH 2 FROM cc"),
  ],
  [
    "a suspended portal",
    async () => {
      await run("BEGIN");
      return pipeline(...bound("SELECT ssn FROM users", "p"), executeMessage({ portal: "p", rows: 2 }));
    },
    () => pipeline(executeMessage({ portal: "p", rows: 2 })),
  ],
  [
    "a portal by FETCH",
    async () => {
      await run("BEGIN");
      return pipeline(...bound("SELECT ssn FROM users", "p"), executeMessage({ portal: "p", rows: 2 }));
    },
    () => run("FETCH 2 FROM p"),
  ],
  ["without masks, PREPARE", () => run("PREPARE s AS SELECT ssn FROM users", "EXECUTE s"), () => run("EXECUTE s")],
  [
    "without masks, a prepared statement by EXECUTE",
    async () => {
      await pipeline(parseMessage("SELECT ssn FROM users", "s"));
      return run("EXECUTE s");
    },
    () => run("EXECUTE s"),
  ],
];

describe.each(ways)("%s", (what, open, take) => {
  it("goes on where nothing changed, and where what changed is not its own", async () => {
    expect(rowsOf(await open())).toBeGreaterThanOrEqual(2);
    expect(errorsOf(await take())).toEqual([]);
    await inForce(what.startsWith("without") ? clear : elsewhere);
    expect(errorsOf(await take())).toEqual([]);
    expect(Buffer.concat(client.received).toString()).toContain("SECRET");
  });

  it("shows nothing more once its column is masked", async () => {
    expect(rowsOf(await open())).toBeGreaterThanOrEqual(2);
    client.received.length = 0;
    await inForce(masked);
    const messages = await take();
    expect(errorsOf(messages).at(-1)).toMatchObject({ C: "0A000", M: expect.stringMatching(refused) });
    expect(messages.at(-1)?.type).toBe("Z");
    expect(Buffer.concat(client.received).toString()).not.toContain("SECRET");
  });

  it("shows nothing more once its table may not be read", async () => {
    expect(rowsOf(await open())).toBeGreaterThanOrEqual(2);
    client.received.length = 0;
    await inForce(denied);
    expect(["0A000", "42501"]).toContain(errorsOf(await take()).at(-1)?.C);
    expect(Buffer.concat(client.received).toString()).not.toContain("SECRET");
  });
});

describe("after a change", () => {
  it("a transaction ends, and a cursor is opened again", async () => {
    await run("BEGIN", "DECLARE cc CURSOR FOR SELECT ssn FROM users");
    await pipeline(...bound("COMMIT", "ends"));
    await inForce(masked);
    expect(errorsOf(await pipeline(executeMessage({ portal: "ends" })))).toEqual([]);
    const messages = await run("BEGIN", "DECLARE cc CURSOR FOR SELECT ssn FROM users", "FETCH 2 FROM cc");
    expect(errorsOf(messages)).toEqual([]);
    expect(rowsOf(messages)).toBe(2);
  });

  it("a cursor that is declared and read in one pipeline is no unknown one", async () => {
    await inForce(masked);
    await run("BEGIN");
    const declare = "DECLARE cc CURSOR FOR SELECT ssn FROM users";
    client.send(Buffer.concat([declare, "FETCH 2 FROM cc"].map((sql) => frame("Q", Buffer.from(`${sql}\0`)))));
    expect(errorsOf([...(await client.until("Z")), ...(await client.until("Z"))])).toEqual([]);
  });

  it("a cursor that a function opened is not read by who has masks", async () => {
    await run("BEGIN", "SELECT opens()", "FETCH 1 FROM inside");
    client.received.length = 0;
    await inForce(masked);
    expect(errorsOf(await run("FETCH 1 FROM inside"))[0]).toMatchObject({ C: "0A000" });
    expect(Buffer.concat(client.received).toString()).not.toContain("SECRET");
  });

  it("what was approved while something else changed runs under its approval", async () => {
    await inForce(held);
    const gone = "DELETE FROM notes RETURNING id";
    client.send(Buffer.concat([...bound(gone, "p"), executeMessage({ portal: "p" }), sync]));
    await expect.poll(() => broker.asked.size, { timeout: 10_000 }).toBe(1);
    await inForce(held);
    broker.decide(1, "approved");
    expect(errorsOf(await client.until("Z"))).toEqual([]);
    expect(broker.asked.get(1)).toMatchObject({ use: "used", outcome: { outcome: "ok" } });
  });
});

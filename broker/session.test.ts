import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryBroker } from "@/e2e/fixtures/memory-broker";
import { bindMessage, errorsOf, executeMessage, frame, parseMessage, sync } from "@/e2e/fixtures/raw-client";

const bundle = {
  "main.cedar": `
    @id("all") permit (principal, action, resource);
    @id("no-drop") @reason("tables stay") forbid (principal, action == Action::"drop", resource);
    @id("hold-delete") @hold("security") @wait("20s") forbid (principal, action == Action::"delete", resource)
      unless { context.session.breakGlass };`,
  "masking.yaml": `
labels: [{ id: pii.email, columns: ["*.*.*.email"] }]
rules: [{ id: mask-email, match: { label: pii.email }, mask: email, predicates: mask, unmask: { groups: [clear] } }]
default: { unlabelled: show }
`,
};
const sql = `create table t (id int primary key, v text);
  insert into t select g, 'v' || g from generate_series(1, 20) g;
  create table customers (id int primary key, email text);
  insert into customers values (1, 'canary@example.com');`;

let broker: Awaited<ReturnType<typeof memoryBroker>>;
const open: { end(): Promise<void> }[] = [];

async function client(agent: string): Promise<pg.Client> {
  const connected = new pg.Client({ connectionString: broker.url(agent) });
  connected.on("error", () => undefined);
  await connected.connect();
  open.push(connected);
  return connected;
}

const failure = (promise: Promise<unknown>): Promise<pg.DatabaseError> =>
  promise.then(
    () => {
      throw new Error("it was not refused");
    },
    (error) => error,
  );
const rowsWith = async (condition: string): Promise<number> =>
  Number((await broker.shop.query(`select count(*) from t where ${condition}`)).rows[0].count);
/** The broker decides from the snapshot as it is now. */
const inForce = () =>
  expect
    .poll(() => Number(broker.broker.snapshot.version), patience)
    .toBeGreaterThanOrEqual(Number(broker.snapshot.version));
const patience = { timeout: 10_000 };

async function pending(): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const one = [...broker.asked.values()].find(({ status }) => status === "pending");
    if (one !== undefined) return one.id;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("nothing is held");
}

beforeAll(async () => {
  broker = await memoryBroker({ bundle, sql, groups: ["security", "clear"], agents: { bot: ["clear"], masked: [] } });
});

afterAll(async () => {
  await Promise.all(open.map((one) => one.end().catch(() => undefined)));
  await broker.stop();
});

describe("a session", () => {
  it("runs simple, prepared and pipelined statements as PostgreSQL would", async () => {
    const bot = await client("bot");
    expect((await bot.query("select 1 as a; select 2 as b")) as unknown).toMatchObject([
      { rows: [{ a: 1 }] },
      { rows: [{ b: 2 }] },
    ]);
    for (const id of [1, 2]) {
      const { rows } = await bot.query({ name: "one", text: "select v from t where id = $1", values: [id] });
      expect(rows).toEqual([{ v: `v${id}` }]);
    }
    expect((await failure(bot.query("select 1 / $1::int", [0]))).code).toBe("22012");
    const many = postgres(broker.url("bot"), { max: 2 });
    open.push(many);
    const results = await Promise.all(Array.from({ length: 40 }, (_, index) => many`select ${index}::int as i`));
    expect(results.map((rows) => rows[0]?.i)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    let counted = 0;
    await many`select generate_series(1, 1000)`.cursor(100, (rows) => {
      counted += rows.length;
    });
    expect(counted).toBe(1_000);
  });

  it("is refused with the policy's reason and survives", async () => {
    const bot = await client("bot");
    const refused = await failure(bot.query("drop table t"));
    expect(refused).toMatchObject({ severity: "ERROR", code: "42501", message: "denied by policy: tables stay" });
    expect(JSON.parse(refused.detail!)).toEqual({ decision: "deny", policies: ["no-drop"], reason: "tables stay" });
    expect((await bot.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("places a syntax error and an unknown name as PostgreSQL does", async () => {
    const bot = await client("bot");
    expect(await failure(bot.query("select 'ü', from t"))).toMatchObject({ code: "42601", position: "13" });
    expect(await failure(bot.query("select 'ü' from nowhere"))).toMatchObject({ code: "42P01", position: "17" });
    expect(await failure(bot.query("select 'open"))).toMatchObject({ code: "42601", position: "8" });
  });

  it("sees its own temporary and uncommitted tables", async () => {
    const bot = await client("bot");
    await bot.query("create temp table mine (a int)");
    await bot.query("insert into mine values (7)");
    expect((await bot.query("select a from mine")).rows).toEqual([{ a: 7 }]);
    await bot.query("begin; create table fresh (a int)");
    expect((await bot.query("select * from fresh")).rows).toEqual([]);
    await bot.query("rollback");
  });
});

describe("a refusal undoes what its transaction did", () => {
  it.each(["BEGIN; INSERT INTO t VALUES (100); DROP TABLE t; COMMIT", "INSERT INTO t VALUES (100); DROP TABLE t"])(
    "runs nothing of %s",
    async (batch) => {
      const bot = await client("bot");
      expect((await failure(bot.query(batch))).code).toBe("42501");
      expect(await rowsWith("id = 100")).toBe(0);
      expect((await bot.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    },
  );

  it("aborts an open transaction and lets a savepoint be rolled back to", async () => {
    const bot = await client("bot");
    await bot.query("begin");
    await bot.query("insert into t values (101)");
    await bot.query("savepoint s");
    expect((await failure(bot.query("drop table t"))).code).toBe("42501");
    expect((await failure(bot.query("select 1"))).code).toBe("25P02");
    await bot.query("rollback to s");
    await bot.query("commit");
    expect(await rowsWith("id = 101")).toBe(1);
  });

  it("leaves no row of an insert, refused, Sync pipeline, and answers once", async () => {
    const raw = await broker.raw("bot");
    const insert = [parseMessage("insert into t values (102)"), bindMessage(), executeMessage()];
    raw.send(Buffer.concat([...insert, parseMessage("drop table t"), bindMessage(), executeMessage(), sync]));
    const answers = await raw.until("Z");
    expect(answers.map(({ type }) => type).join("")).toBe("12CEZ");
    expect(errorsOf(answers)[0]).toMatchObject({ C: "42501" });
    expect(await rowsWith("id = 102")).toBe(0);
    raw.destroy();
  });

  it("answers a malformed message as PostgreSQL does and goes on", async () => {
    const raw = await broker.raw("bot");
    raw.send(frame("Q", Buffer.from("select 1")));
    expect(errorsOf(await raw.until("Z"))[0]).toMatchObject({ C: "08P01" });
    expect((await raw.run("select 1")).map(({ type }) => type).join("")).toBe("TDCZ");
    raw.send(Buffer.from("7a00000004", "hex"));
    expect(errorsOf(await raw.until("Z"))[0]).toMatchObject({ S: "FATAL", C: "08P01" });
  });
});

describe("masks", () => {
  it("reach both protocols, COPY and errors", async () => {
    const masked = await client("masked");
    expect((await masked.query("select email from customers")).rows).toEqual([{ email: "c***@example.com" }]);
    const { rows } = await masked.query("select * from customers where id = $1", [1]);
    expect(rows).toEqual([{ id: 1, email: "c***@example.com" }]);
    const cast = await failure(masked.query("select email::int from customers"));
    expect(JSON.stringify(cast)).not.toContain("canary");
    expect(await failure(masked.query("select email, nothing from customers where id = $1", [1]))).toMatchObject({
      code: "42703",
      position: "15",
    });
    expect((await (await client("bot")).query("select email from customers")).rows[0].email).toBe("canary@example.com");
  });

  it("that change reach a statement prepared before", async () => {
    const bot = await client("bot");
    const prepared = { name: "mail", text: "select email from customers" };
    expect((await bot.query(prepared)).rows[0].email).toBe("canary@example.com");
    const principal = broker.snapshot.principals.find(({ name }) => name === "bot")!;
    principal.groups = [];
    broker.changed();
    await inForce();
    expect((await bot.query(prepared)).rows[0].email).toBe("c***@example.com");
    principal.groups = ["clear"];
    broker.changed();
    await inForce();
    expect((await bot.query(prepared)).rows[0].email).toBe("canary@example.com");
  });
});

describe("a held statement", () => {
  it("tells the client at once and runs once when approved", async () => {
    const bot = await client("bot");
    const notices: string[] = [];
    bot.on("notice", (notice) => notices.push(notice.message ?? ""));
    const result = bot.query("delete from t where id = $1 returning id", [1]);
    const id = await pending();
    expect(await rowsWith("id = 1")).toBe(1);
    broker.decide(id, "approved");
    expect((await result).rows).toEqual([{ id: 1 }]);
    expect(notices).toEqual([`held for approval: request ${id}, http://console/approvals/${id}`]);
    expect(broker.asked.get(id)).toMatchObject({ use: "used", outcome: { outcome: "ok", rows: 1 } });
    expect(broker.asked.get(id)!.request.parameters).toEqual([{ type: 0, format: 0, value: "MQ==" }]);
  });

  it("is refused with ZS002 when denied", async () => {
    const bot = await client("bot");
    const result = failure(bot.query("delete from t where id = 2"));
    broker.decide(await pending(), "denied");
    expect((await result).code).toBe("ZS002");
    expect(await rowsWith("id = 2")).toBe(1);
  });

  it("answers ZS001 at once where the client does not want to wait, and runs by repeating it", async () => {
    const bot = await client("bot");
    await bot.query("set countersign.wait = 0");
    expect((await failure(bot.query("delete from t where id = 3"))).code).toBe("ZS001");
    const id = await pending();
    expect((await failure(bot.query("delete from t where id = 3"))).code).toBe("ZS001");
    expect(await pending()).toBe(id);
    broker.decide(id, "approved");
    expect((await bot.query("delete from t where id = 3")).rowCount).toBe(1);
    expect((await failure(bot.query("delete from t where id = 3"))).code).toBe("ZS001");
    broker.decide(await pending(), "denied");
  });

  it("is withdrawn when the client hangs up", async () => {
    const bot = await client("bot");
    failure(bot.query("delete from t where id = 4")).catch(() => undefined);
    const id = await pending();
    (bot as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await expect.poll(() => broker.asked.get(id)?.status, patience).toBe("withdrawn");
  });

  it("is superseded when what it touches changed meanwhile", async () => {
    const bot = await client("bot");
    const result = failure(bot.query("delete from t where id = 5"));
    const id = await pending();
    await broker.shop.query("alter table t add column extra text");
    await broker.broker.catalogs.syncCatalog("shop");
    await inForce();
    broker.decide(id, "approved");
    expect((await result).code).toBe("ZS002");
    expect(broker.asked.get(id)?.status).toBe("superseded");
    expect(await rowsWith("id = 5")).toBe(1);
  });

  it("runs without waiting behind break-glass, for one transaction", async () => {
    const bot = await client("bot");
    await bot.query("set countersign.reason = 'nobody else is awake now'; set countersign.break_glass = on");
    expect((await bot.query("delete from t where id = 6")).rowCount).toBe(1);
    expect((await bot.query("show countersign.break_glass")).rows).toEqual([{ "countersign.break_glass": "off" }]);
  });
});

describe("a bad day", () => {
  it("refuses new statements when the policies cannot be confirmed, and lets a transaction end", async () => {
    const bot = await client("bot");
    await bot.query("begin");
    await bot.query("insert into t (id) values (200)");
    broker.clock.storeDown = true;
    broker.clock.aheadMs = 60_000;
    expect((await failure(bot.query("select 1"))).code).toBe("ZS003");
    await bot.query("rollback");
    broker.clock.storeDown = false;
    broker.broker.snapshot.nudge();
    await expect.poll(() => broker.broker.snapshot.fresh, patience).toBe(true);
    expect((await bot.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("ends the sessions of a principal that is frozen", async () => {
    const masked = await client("masked");
    const ended = new Promise<Error>((resolve) => masked.once("error", resolve));
    const principal = broker.snapshot.principals.find(({ name }) => name === "masked")!;
    principal.enabled = false;
    broker.changed();
    expect(await ended).toMatchObject({ code: "57P01" });
    await expect(client("masked")).rejects.toMatchObject({ code: "28P01" });
    principal.enabled = true;
    broker.changed();
    await inForce();
  });
});

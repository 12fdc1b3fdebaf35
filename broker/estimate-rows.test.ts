import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryBroker } from "@/e2e/fixtures/memory-broker";

const bundle = {
  "main.cedar": `
    @id("all") permit (principal, action, resource);
    @id("few-rows") @reason("at most a hundred rows at once")
    forbid (principal in Group::"estimated", action in [Action::"read", Action::"write"], resource)
      when { context.statement has estimatedRows && context.statement.estimatedRows > 100 };
    @id("hold-delete") @hold("security") @wait("20s") forbid (principal, action == Action::"delete", resource);`,
};
const sql = `create table t (id int primary key, v text);
  insert into t select g, 'v' || g from generate_series(1, 5000) g;
  create schema other; create table other.small (id int); insert into other.small values (1);
  create function slow(int) returns int language sql immutable as 'select $1 from pg_sleep(0)';
  analyze;`;

let broker: Awaited<ReturnType<typeof memoryBroker>>;
const open: pg.Client[] = [];

async function client(agent: string): Promise<pg.Client> {
  const connected = new pg.Client({ connectionString: broker.url(agent) });
  connected.on("error", () => undefined);
  await connected.connect();
  open.push(connected);
  return connected;
}

const outcome = (promise: Promise<pg.QueryResult>): Promise<string> =>
  promise.then(
    ({ command, rowCount }) => `${command} ${rowCount}`,
    (error) => `${error.code} ${error.message}`,
  );

const tooMany = "42501 denied by policy: at most a hundred rows at once";
const notHad = /^ZS003 /;

beforeAll(async () => {
  const agents = { careful: ["estimated"], free: [] };
  broker = await memoryBroker({ bundle, sql, groups: ["estimated", "security"], agents });
});

afterAll(async () => {
  await Promise.all(open.map((one) => one.end().catch(() => undefined)));
  await broker.stop();
});

/** Answers the held call, and gives back what its reviewer was told. */
async function decidePending(): Promise<number | undefined> {
  const pending = () => [...broker.asked.values()].find(({ status }) => status === "pending");
  await expect.poll(pending).toBeDefined();
  const { id, request } = pending()!;
  broker.decide(id, "approved");
  return request.facts.estimatedRows;
}

describe("a policy on the estimated rows", () => {
  it.each([
    ["select * from t where id = 7", "SELECT 1"],
    ["select * from t where id <= 20 -- to the end", "SELECT 20"],
    ["select * from t", tooMany],
    ["update t set v = 'x'", tooMany],
    ["update t set v = 'x' where id = 3;", "UPDATE 1"],
    ["with gone as (update t set v = 'x' returning 1) select count(*) from gone", tooMany],
    ["select lower(v) from t where id = 7", "SELECT 1"],
  ])("decides %s by the planner's estimate", async (text, expected) => {
    expect(await outcome((await client("careful")).query(text))).toBe(expected);
  });

  it("tells two texts of one shape apart", async () => {
    const careful = await client("careful");
    for (let round = 0; round < 2; round++) {
      expect(await outcome(careful.query("select * from t where id <= 50"))).toBe("SELECT 50");
      expect(await outcome(careful.query("select * from t where id <= 4000"))).toBe(tooMany);
    }
  });

  it("uses the generic plan where there are parameters", async () => {
    const careful = await client("careful");
    expect(await outcome(careful.query("select * from t where id = $1", [7]))).toBe("SELECT 1");
    expect(await outcome(careful.query("select * from t where id > $1", [4_999]))).toBe(tooMany);
  });

  it("plans with the names of the session", async () => {
    const careful = await client("careful");
    await careful.query("set search_path = other");
    expect(await outcome(careful.query("select * from small"))).toBe("SELECT 1");
  });

  it.each([
    ["a function that is not harmless", "select slow(1) from t where id = 7"],
    ["a batch", "select 1 from t where id = 1; select 2 from t where id = 2"],
    ["EXPLAIN", "explain select * from t where id = 7"],
  ])("refuses %s, for which no estimate can be had", async (_what, text) => {
    expect(await outcome((await client("careful")).query(text))).toMatch(notHad);
  });

  it("refuses what only the session can see, and what takes too long to plan", async () => {
    const careful = await client("careful");
    await careful.query("create temp table mine (a int)");
    expect(await outcome(careful.query("select * from mine"))).toMatch(notHad);
    await broker.shop.query("begin; lock table other.small in access exclusive mode");
    const began = performance.now();
    expect(await outcome(careful.query("select * from other.small"))).toMatch(notHad);
    expect(performance.now() - began).toBeLessThan(1_500);
    await broker.shop.query("rollback");
    expect(await outcome(careful.query("select * from other.small"))).toBe("SELECT 1");
  });

  it("leaves others alone, and their plans in the cache", async () => {
    const free = await client("free");
    expect(await outcome(free.query("select * from t"))).toBe("SELECT 5000");
    const { rows } = await broker.shop.query(
      "select count(*)::int as n from pg_stat_activity where application_name = 'countersign estimate'",
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it("decides many at once, each on a connection that is closed again", async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, () => client("careful")));
    const outcomes = await Promise.all(
      clients.map((one, at) => outcome(one.query(`select * from t where id = ${at + 1}`))),
    );
    expect(new Set(outcomes)).toEqual(new Set(["SELECT 1"]));
  });
});

describe("a reviewer", () => {
  it("is told how many rows a held statement is likely to touch, whatever policies read", async () => {
    const free = await client("free");
    const deleted = outcome(free.query("delete from t where id between 4001 and 4050"));
    const rows = await decidePending();
    expect(rows).toBeGreaterThan(20);
    expect(rows).toBeLessThan(100);
    expect(await deleted).toBe("DELETE 50");
  });

  it("is told nothing where planning could run a function of somebody's", async () => {
    const free = await client("free");
    const deleted = outcome(free.query("delete from t where id = slow(4060)"));
    expect(await decidePending()).toBeUndefined();
    expect(await deleted).toBe("DELETE 1");
  });

  it("is told what the policy was told", async () => {
    const careful = await client("careful");
    const deleted = outcome(careful.query("delete from t where id = $1", [4061]));
    expect(await decidePending()).toBe(1);
    expect(await deleted).toBe("DELETE 1");
  });
});

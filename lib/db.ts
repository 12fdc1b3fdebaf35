import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";
import { requireSetting } from "@/lib/env";
import { AppError, isUnreachable } from "@/lib/errors";
import { log } from "@/lib/log";

/** What SQL modules need of a connection: a pool, a client, or a client inside a transaction. */
export type Sql = Pick<pg.ClientBase, "query">;

/** A client inside a transaction. Only `withTransaction` makes one. */
export type Transaction = pg.PoolClient & { readonly transaction: true };

const poolConnectionsMax = 10;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;

let pool: pg.Pool | undefined;
const afterCommit = new AsyncLocalStorage<(() => Promise<void> | void)[]>();

/** The store's connection pool, made at first use from DATABASE_URL (application role). */
export function db(): pg.Pool {
  if (pool === undefined) {
    pool = new pg.Pool({
      connectionString: requireSetting("DATABASE_URL"),
      max: poolConnectionsMax,
      connectionTimeoutMillis: connectTimeoutMs,
      statement_timeout: statementTimeoutMs,
      application_name: "countersign",
    });
    // Without a handler an idle connection that the server closes would end the process.
    pool.on("error", (error) => log("db").warn({ error: error.message }, "an idle store connection was lost"));
  }
  return pool;
}

/**
 * Runs `work` in one READ COMMITTED transaction. Throws what `work` throws, after rolling back.
 * What `onCommit` collected inside `work` runs once the commit is known to have happened.
 */
export function withTransaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  return inTransaction("begin", work);
}

/** Runs `work` on one unchanging view of the store; writes are refused. */
export function withReadTransaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  return inTransaction("begin isolation level repeatable read read only", work);
}

async function inTransaction<Result>(begin: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  const client = await connect();
  const pending: (() => Promise<void> | void)[] = [];
  let broken: Error | undefined;
  // Without a handler a connection that ends while it is ours would end the process; the query reports it too.
  const onLost = (error: Error) => {
    broken = error;
  };
  client.on("error", onLost);
  let result: Result;
  try {
    await client.query(begin);
    result = await afterCommit.run(pending, () => work(client as Transaction));
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.off("error", onLost);
    client.release(broken);
  }
  for (const task of pending) {
    try {
      await task();
    } catch (error) {
      log("db").warn({ error }, "a nudge after a commit failed; a sweep will find the change");
    }
  }
  return result;
}

/**
 * Registers a nudge (bus, queue) for after the surrounding `withTransaction` commits. No network call belongs
 * inside a transaction, and nobody may hear of a change that is rolled back.
 */
export function onCommit(task: () => Promise<void> | void): void {
  const pending = afterCommit.getStore();
  if (pending === undefined) throw new AppError("internal", "onCommit was called outside a transaction");
  pending.push(task);
}

/** Closes what was opened. The next `db()` opens anew. */
export async function closeDb(): Promise<void> {
  const closing = pool;
  pool = undefined;
  if (closing !== undefined && !closing.ended) await closing.end();
}

async function connect(): Promise<pg.PoolClient> {
  try {
    return await db().connect();
  } catch (cause) {
    if (isUnreachable(cause)) throw new AppError("unavailable", "the governance store cannot be reached", { cause });
    throw cause;
  }
}

import type pg from "pg";
import { type AuditColumns, columnsOfRow } from "@/lib/audit/columns";
import { leafHash } from "@/lib/audit/merkle";
import { CopyRows, copyInto } from "./audit-copy";

/** Key of the advisory lock: there is one sequencer per store. */
const sequencerLock = 72_707_370;
export const sequenceBatchMax = 5_000;
/** Partitions are made this many positions ahead of need. */
const partitionAhead = 500_000;
const chunkBytes = 256 * 1024;

const target =
  "audit_event (position, id, leaf, leaf_hash, kind, at, actor, database, decision, policies, approval_id, " +
  "entry_id, session_id, fingerprint, statement, rows, duration_ms, sqlstate)";
const targetColumns = 18;

/** Becomes the sequencer for as long as this connection lives; false while another one is. */
export async function lockSequencer(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_lock($1) as locked", [
    sequencerLock,
  ]);
  return rows[0]?.locked === true;
}

export type Sequenced = {
  taken: number;
  /** log position of the last event taken; null when there was none */
  last: bigint | null;
};

/**
 * Moves one batch of committed inbox rows into the log, at the next contiguous positions, in one transaction.
 * What commits later is simply taken later. Needs the owner's connection, which holds `lockSequencer`.
 * @throws the store's error after rolling back: nothing was moved
 */
export async function sequenceOnce(client: pg.ClientBase): Promise<Sequenced> {
  await client.query("begin");
  try {
    const sequenced = await moveBatch(client);
    await client.query("commit");
    return sequenced;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

type Entry = { leaf: string; columns: AuditColumns };

async function moveBatch(client: pg.ClientBase): Promise<Sequenced> {
  // Ids grow with time (UUID version 7), so the oldest are taken first.
  const { rows } = await client.query<{ id: string; leaf: string }>(
    `delete from audit_inbox where id = any (array(select id from audit_inbox order by id limit $1)) returning id, leaf`,
    [sequenceBatchMax],
  );
  if (rows.length === 0) return { taken: 0, last: null };
  const entries = rows.map((row) => ({ leaf: row.leaf, columns: columnsOfRow(row) })).sort(inOrder);
  const next = await logSize(client);
  const last = next + BigInt(entries.length) - 1n;
  await client.query("select audit_ensure_partition($1), audit_ensure_partition($2)", [
    last.toString(),
    (last + BigInt(partitionAhead)).toString(),
  ]);
  await copyInto(client, target, encode(entries, next));
  return { taken: entries.length, last };
}

function inOrder(a: Entry, b: Entry): number {
  return compare(a.columns.id, b.columns.id);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Number of events in the log, which is the next position. */
export async function logSize(sql: Pick<pg.ClientBase, "query">): Promise<bigint> {
  const { rows } = await sql.query<{ next: string }>(
    "select (coalesce(max(position), -1) + 1)::text as next from audit_event",
  );
  return BigInt(rows[0]?.next ?? 0);
}

function* encode(entries: Entry[], first: bigint): Generator<Buffer> {
  const rows = new CopyRows();
  let position = first;
  for (const { leaf, columns } of entries) {
    rows.row(targetColumns).int8(position).uuid(columns.id).text(leaf).raw(leafHash(leaf)).text(columns.kind);
    rows.timestamp(columns.at).text(columns.actor).text(columns.database).text(columns.decision);
    rows.textArray(columns.policies).int4(columns.approvalId).text(columns.entryId).text(columns.sessionId);
    rows.text(columns.fingerprint).text(columns.statement);
    rows.int8(columns.rows === null ? null : BigInt(columns.rows));
    rows.float8(columns.durationMs).text(columns.sqlstate);
    position += 1n;
    if (rows.length >= chunkBytes) yield rows.take();
  }
  if (rows.length > 0) yield rows.take();
}

import type { AuditEventInput } from "@/lib/audit/event";
import { publish } from "@/lib/bus";
import { type Sql, type Transaction, withTransaction } from "@/lib/db";
import { appendAudit } from "./audit";
import { CopyRows, copyInto } from "./audit-copy";

/** Bytes that are handed to the connection at once. */
const chunkBytes = 256 * 1024;

export type JournalPosition = { start: number; sequence: number };

/** How far each start of a broker's journal has arrived; sequence 0 is not recorded. */
export async function readJournalPositions(sql: Sql, brokerId: string): Promise<JournalPosition[]> {
  const { rows } = await sql.query<{ start: number; sequence: string }>(
    "select start, sequence::text from journal_position where broker_id = $1 order by start",
    [brokerId],
  );
  return rows.map(({ start, sequence }) => ({ start, sequence: Number(sequence) }));
}

/** One record for the inbox: 16 bytes of id and the UTF-8 of the leaf. */
export type ShippedLeaf = { id: Uint8Array; leaf: Uint8Array };

export type Shipment = {
  brokerId: string;
  start: number;
  /** the position that the records follow */
  after: number;
  /** sequence of the last record */
  last: number;
  records: readonly ShippedLeaf[];
  /** what was noticed on the way, e.g. a gap; recorded with the records */
  alarms: AuditEventInput[];
};

/** moved: somebody else shipped for this broker; nothing was written and the position is what it says. */
export type ShipmentResult = { status: "stored" } | { status: "moved"; sequence: number };

/**
 * Puts records into the inbox and moves the broker's position in one transaction, so that nothing arrives twice.
 * @throws the store's error; then nothing happened, or the commit's answer was lost: read the position again
 */
export function storeShipment(shipment: Shipment): Promise<ShipmentResult> {
  return withTransaction(async (tx) => {
    const { brokerId, start, after, last, records, alarms } = shipment;
    await tx.query(
      "insert into journal_position (broker_id, start, sequence) values ($1, $2, 0) on conflict do nothing",
      [brokerId, start],
    );
    const { rows } = await tx.query<{ sequence: string }>(
      "select sequence::text from journal_position where broker_id = $1 and start = $2 for update",
      [brokerId, start],
    );
    const sequence = Number(rows[0]?.sequence);
    if (sequence !== after) return { status: "moved", sequence };
    if (records.length > 0) await copyLeaves(tx, records);
    for (const alarm of alarms) await appendAudit(tx, alarm);
    await tx.query(
      "update journal_position set sequence = $3, updated_at = now() where broker_id = $1 and start = $2",
      [brokerId, start, last],
    );
    return { status: "stored" };
  });
}

/** Wakes the sequencer; a lost nudge costs at most its sweep interval. */
export function nudgeSequencer(): Promise<void> {
  return publish("inbox", {});
}

async function copyLeaves(tx: Transaction, records: readonly ShippedLeaf[]): Promise<void> {
  await copyInto(tx, "audit_inbox (id, leaf)", encodeLeaves(records));
}

function* encodeLeaves(records: readonly ShippedLeaf[]): Generator<Buffer> {
  const rows = new CopyRows();
  for (const { id, leaf } of records) {
    rows.row(2).raw(id).raw(leaf);
    if (rows.length >= chunkBytes) yield rows.take();
  }
  if (rows.length > 0) yield rows.take();
}

import { createHash } from "node:crypto";
import { renameSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuditEventInput } from "@/lib/audit/event";
import type { JournalHealth } from "@/lib/audit/journal-health";
import type { JournalRecord } from "@/lib/audit/journal-record";
import { db } from "@/lib/db";
import { errorCodeOf, messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { nudgeSequencer, readJournalPositions, storeShipment } from "@/lib/store/journal-positions";
import type { Journal, SegmentView } from "./journal";
import { type SegmentEnd, SegmentReader } from "./journal/segment-reader";

/** Records that are written within this are shipped together. */
const gatherMs = 40;
/** Looked for new records at least this often, nudged or not. */
const idleMs = 1_000;
const retryMsFirst = 100;
const retryMsMax = 5_000;
const drainMsDefault = 5_000;

type Shipping = {
  journal: Journal;
  /** of the store, per start; null: to be read again */
  positions: Map<number, number> | null;
  /** highest sequence ever sent, per start: a position beyond it is somebody else's */
  sent: Map<number, number>;
  /** of this start, as last known */
  shipped: number;
  reader: { path: string; segment: SegmentReader } | null;
  failures: number;
  storeError: string | null;
  behindSince: number | null;
  stopped: boolean;
  wake: () => void;
};

export type JournalShipper = {
  health(): JournalHealth;
  /** Ships what it can within `drainMs`, then ends. What is left is shipped by the next start. */
  stop(options?: { drainMs?: number }): Promise<void>;
};

/**
 * Ships the journal to the store, oldest segment first, earlier starts included, for as long as the broker runs.
 * While the store is down it waits and tries again; records stay on the disk meanwhile.
 */
export function shipJournal(journal: Journal): JournalShipper {
  const shipping: Shipping = {
    journal,
    positions: null,
    sent: new Map(),
    shipped: 0,
    reader: null,
    failures: 0,
    storeError: null,
    behindSince: null,
    stopped: false,
    wake: () => undefined,
  };
  journal.onWritten(() => shipping.wake());
  const running = run(shipping);
  return {
    health: () => healthOf(shipping),
    async stop({ drainMs = drainMsDefault } = {}) {
      const deadline = Date.now() + drainMs;
      while (shipping.shipped < journal.stats().sequence && Date.now() < deadline) {
        shipping.wake();
        await sleep(gatherMs);
      }
      shipping.stopped = true;
      shipping.wake();
      await running;
    },
  };
}

function healthOf(shipping: Shipping): JournalHealth {
  const { start, sequence, bytes, fault } = shipping.journal.stats();
  const behindMs = shipping.behindSince === null ? 0 : Date.now() - shipping.behindSince;
  return { start, sequence, shipped: shipping.shipped, bytes, behindMs, fault, storeError: shipping.storeError };
}

async function run(shipping: Shipping): Promise<void> {
  while (!shipping.stopped) {
    try {
      const more = await shipOnce(shipping);
      if (shipping.failures > 0) log("journal").info("the journal is shipped again");
      shipping.failures = 0;
      shipping.storeError = null;
      shipping.behindSince = more ? (shipping.behindSince ?? Date.now()) : null;
      if (!more) await nudged(shipping, idleMs);
      if (!shipping.stopped) await sleep(more ? 0 : gatherMs);
    } catch (error) {
      noteFailure(shipping, error);
      await nudgedOnlyByStop(shipping, Math.min(retryMsMax, retryMsFirst * 2 ** Math.min(shipping.failures, 10)));
    }
  }
  await closeReader(shipping);
}

function noteFailure(shipping: Shipping, error: unknown): void {
  shipping.failures += 1;
  shipping.storeError = messageOf(error);
  shipping.behindSince ??= Date.now();
  // The commit may have happened although its answer was lost.
  shipping.positions = null;
  const isPowerOfTwo = Number.isInteger(Math.log2(shipping.failures));
  if (isPowerOfTwo) log("journal").warn({ error, failures: shipping.failures }, "the journal cannot be shipped");
}

function nudged(shipping: Shipping, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    shipping.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** Back-off: new records are no reason to try again sooner. */
async function nudgedOnlyByStop(shipping: Shipping, ms: number): Promise<void> {
  const deadline = Date.now() + ms;
  while (!shipping.stopped && Date.now() < deadline) await sleep(Math.min(gatherMs, deadline - Date.now()));
}

/** Ships one batch; true when there may be more at once. */
async function shipOnce(shipping: Shipping): Promise<boolean> {
  const { journal } = shipping;
  shipping.positions ??= await readPositions(shipping);
  const [segment, following] = journal.segments();
  if (segment === undefined) return false;
  const reader = await readerOf(shipping, segment);
  const batch = await reader.read(segment.bytes);
  const position = shipping.positions.get(segment.start) ?? 0;
  const fresh = batch.records.filter((record) => record.sequence > position);
  if (fresh.length > 0) {
    await send(shipping, { segment, records: fresh });
    await nudgeSequencer().catch(() => undefined);
  }
  reader.advance(batch.next);
  if (batch.end === "more") return true;
  if (!segment.sealed) return false;
  await finish(shipping, { segment, following, end: batch.end, reason: batch.reason });
  return true;
}

async function readPositions(shipping: Shipping): Promise<Map<number, number>> {
  const { journal, sent } = shipping;
  const rows = await readJournalPositions(db(), journal.brokerId);
  const positions = new Map(rows.map(({ start, sequence }) => [start, sequence]));
  if ((positions.get(journal.start) ?? 0) > (sent.get(journal.start) ?? 0)) {
    throw new Error(`another broker ships journals as ${journal.brokerId}; every broker needs an id of its own`);
  }
  shipping.shipped = positions.get(journal.start) ?? 0;
  return positions;
}

async function readerOf(shipping: Shipping, { path }: SegmentView): Promise<SegmentReader> {
  if (shipping.reader?.path === path) return shipping.reader.segment;
  await closeReader(shipping);
  shipping.reader = { path, segment: await SegmentReader.open(path) };
  return shipping.reader.segment;
}

async function closeReader(shipping: Shipping): Promise<void> {
  const reader = shipping.reader;
  shipping.reader = null;
  await reader?.segment.close().catch(() => undefined);
}

type Part = { segment: SegmentView; records: JournalRecord[] };

/** Stores records; where the store refuses the content of one, all others arrive and an alarm takes its place. */
async function send(shipping: Shipping, { segment, records }: Part): Promise<void> {
  try {
    await store(shipping, { segment, records, alarms: gapAlarms(shipping, { segment, records }) });
  } catch (error) {
    // 22: data exception, 23: integrity constraint. Trying again would stop the journal for ever.
    if (!/^2[23]/.test(errorCodeOf(error) ?? "")) throw error;
    const [first] = records;
    if (first !== undefined && records.length === 1) {
      await store(shipping, {
        segment,
        records: [],
        alarms: [refusedAlarm(shipping, first, error)],
        last: first.sequence,
      });
      return;
    }
    const middle = records.length >> 1;
    await send(shipping, { segment, records: records.slice(0, middle) });
    await send(shipping, { segment, records: records.slice(middle) });
  }
}

type Stored = Part & { alarms: AuditEventInput[]; last?: number };

async function store(shipping: Shipping, { segment, records, alarms, last }: Stored): Promise<void> {
  const { start } = segment;
  const after = shipping.positions?.get(start) ?? 0;
  const upTo = last ?? records.at(-1)?.sequence ?? after;
  shipping.sent.set(start, Math.max(upTo, shipping.sent.get(start) ?? 0));
  const { brokerId } = shipping.journal;
  const result = await storeShipment({ brokerId, start, after, last: upTo, records, alarms });
  if (result.status === "moved") throw new Error(`the journal position moved to ${result.sequence} by itself`);
  shipping.positions?.set(start, upTo);
  if (start === shipping.journal.start) shipping.shipped = upTo;
}

function gapAlarms(shipping: Shipping, { segment, records }: Part): AuditEventInput[] {
  const alarms: AuditEventInput[] = [];
  let expected = (shipping.positions?.get(segment.start) ?? 0) + 1;
  for (const { sequence } of records) {
    if (sequence !== expected) {
      const message = `records ${expected} to ${sequence - 1} of start ${segment.start} are missing`;
      alarms.push(alarmOf(shipping, { alarm: "journal-gap", message }));
    }
    expected = sequence + 1;
  }
  return alarms;
}

function refusedAlarm(shipping: Shipping, { leaf, start, sequence }: JournalRecord, error: unknown): AuditEventInput {
  const sha256 = createHash("sha256").update(leaf).digest("hex");
  const what = `record ${sequence} of start ${start} (${leaf.length} bytes, SHA-256 ${sha256})`;
  return alarmOf(shipping, { alarm: "leaf-refused", message: `${what}: ${messageOf(error)}` });
}

type Alarm = { alarm: "journal-gap" | "journal-damaged" | "leaf-refused"; message: string };

function alarmOf({ journal }: Shipping, { alarm, message }: Alarm): AuditEventInput {
  log("journal").error({ alarm }, message);
  const { brokerId } = journal;
  return { kind: "alarm.raised", actor: "system/broker", alarm, subject: `broker/${brokerId}`, message, brokerId };
}

type Finished = { segment: SegmentView; following: SegmentView | undefined; end: SegmentEnd; reason: string };

/** The segment is read to its end: it is removed, or set aside when a part of it cannot be read. */
async function finish(shipping: Shipping, { segment, following, end, reason }: Finished): Promise<void> {
  await closeReader(shipping);
  // A torn end is what a crash leaves: it was never acknowledged. In the middle of a start it is damage.
  const damaged = end === "damaged" || (end === "torn" && following?.start === segment.start);
  if (damaged) {
    const message = `${segment.path} is damaged (${reason || "records are cut off"}); it is kept as it is`;
    await store(shipping, { segment, records: [], alarms: [alarmOf(shipping, { alarm: "journal-damaged", message })] });
    renameSync(segment.path, `${segment.path}.damaged`);
  }
  shipping.journal.discard(segment, damaged);
}

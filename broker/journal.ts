import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AuditEvent, AuditEventInput } from "@/lib/audit/event";
import { eventIds } from "@/lib/audit/event-id";
import { recordBytesBound, recordHeader, writeRecord } from "@/lib/audit/journal-record";
import { leafOf } from "@/lib/audit/leaf";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { lockJournal } from "./journal/journal-lock";
import { SegmentWriter, syncDirectory } from "./journal/journal-writer";
import {
  applyChange,
  closeAfterCrash,
  type EntryChange,
  entryChangeOf,
  type OpenEntries,
  openAfter,
} from "./journal/open-entries";
import { listSegments, scanSegment, segmentFileName, segmentHead } from "./journal/segment-file";

const batchBytesInitial = 256 * 1024;
/** A larger batch is written without waiting for the end of the tick. */
const batchBytesMax = 1024 * 1024;
/** While the disk refuses, what ends statements that already ran is kept in memory up to this. */
const pendingBytesMax = 16 * 1024 * 1024;
const segmentBytesMaxDefault = 16 * 1024 * 1024;
const journalBytesMaxDefault = 4 * 1024 * 1024 * 1024;
/** An unwritable journal is tried again at most this often. */
const probeIntervalMs = 250;
/** Start numbers are seconds since then, so that a lost folder cannot lead to a number that was used before. */
const startEpochSeconds = Date.UTC(2024, 0, 1) / 1_000;

export type JournalOptions = {
  /** COUNTERSIGN_HOME/journal; the broker's own folder is made below it */
  dir: string;
  brokerId: string;
  /** process: written before forwarding, survives kill −9 · disk: fsync before forwarding, survives power loss */
  durability: "process" | "disk";
  /** of the program, recorded with the start */
  version?: string;
  segmentBytesMax?: number;
  /** statements are refused while more than this waits to be shipped */
  journalBytesMax?: number;
};

/** The journal cannot take what must be recorded before it happens; statements are refused with ZS003. */
export class JournalUnwritable extends Error {
  override readonly name = "JournalUnwritable";
}

/** What the shipper reads: whole records lie in [0, bytes). The last segment is the one that is being written. */
export type SegmentView = { path: string; start: number; first: number; bytes: number; sealed: boolean };

export type JournalStats = {
  start: number;
  /** of the last record appended */
  sequence: number;
  segments: number;
  bytes: number;
  pendingBytes: number;
  /** events given up because disk and memory were full */
  dropped: number;
  /** why statements are refused; null while all is well */
  fault: string | null;
};

/**
 * The broker's append-only record. Append during a tick, `commit()` once at its end and before anything is
 * forwarded. After a failed `commit()` nothing that it covered may be forwarded: end those statements with
 * `statement.refused` or `statement.closed`; the records stay in memory and are written when the disk allows.
 */
export class Journal {
  readonly brokerId: string;
  readonly start: number;
  /** A new event id (UUID version 7); ids grow, which keeps the log in order. */
  readonly newId = eventIds({ now: Date.now, randomBytes });
  private readonly options: Required<JournalOptions>;
  private readonly folder: string;
  private readonly release: () => void;
  private readonly header: Buffer;
  private readonly open: OpenEntries;
  private readonly sealed: SegmentView[];
  private sealedBytes: number;
  private writer: SegmentWriter;
  private writerFirst = 1;
  private sequence = 0;
  private batch: Buffer = Buffer.allocUnsafeSlow(batchBytesInitial);
  private batchBytes = 0;
  private dropped = 0;
  private fault: JournalUnwritable | null = null;
  private syncFailed = false;
  private attemptedAt = 0;
  private onCommit: (() => void) | null = null;

  /** Use `openJournal`. */
  constructor(options: Required<JournalOptions>, before: PreviousStart, release: () => void) {
    this.options = options;
    this.folder = before.folder;
    this.release = release;
    this.brokerId = options.brokerId;
    this.start = Math.max(before.lastStart + 1, Math.floor(Date.now() / 1_000) - startEpochSeconds);
    this.header = recordHeader(this.brokerId, this.start);
    this.open = before.open;
    this.sealed = before.segments;
    this.sealedBytes = before.segments.reduce((sum, segment) => sum + segment.bytes, 0);
    this.writer = this.newWriter();
  }

  /** Appends an event; id and time are filled in. @returns its sequence. @throws JournalUnwritable, see `appendLeaf` */
  append(event: AuditEventInput): number {
    const id = event.id ?? this.newId();
    return this.appendLeaf(id, leafOf({ ...event, id, at: event.at ?? new Date().toISOString() } as AuditEvent));
  }

  /**
   * Appends a leaf that is built already. Nothing is written before `commit()`.
   * @param id the event's id, as in the leaf
   * @param change what it opens or ends; read from the leaf where it is not given
   * @throws JournalUnwritable for what opens a statement or session; anything else already happened and is kept
   */
  appendLeaf(id: string, leaf: string, change: EntryChange | undefined = entryChangeOf(leaf)): number {
    const opens = change !== undefined && "opens" in change;
    if (opens) this.refuseIfUnwritable();
    if (!this.makeRoom(recordBytesBound(this.header, leaf))) {
      if (opens) throw this.fault ?? new JournalUnwritable("the journal's memory is full");
      this.dropped += 1;
      return this.sequence;
    }
    const sequence = this.sequence + 1;
    this.batchBytes = writeRecord(this.batch, this.batchBytes, { header: this.header, sequence, id, leaf });
    this.sequence = sequence;
    applyChange(this.open, change, leaf);
    return sequence;
  }

  /**
   * Writes what was appended. Returns nothing when it is as safe as the durability demands, else a promise of that.
   * @throws JournalUnwritable (or rejects with it): nothing that was appended since may be forwarded
   */
  commit(): undefined | Promise<void> {
    if (this.batchBytes > 0) this.write();
    if (this.options.durability === "process") return undefined;
    return this.writer.sync().catch((error: unknown) => {
      // After a failed fsync the system may have thrown the pages away: only a new start knows what is on the disk.
      this.syncFailed = true;
      throw this.unwritable(error);
    });
  }

  /** The shipper's nudge, called after every successful write. */
  onWritten(listener: () => void): void {
    this.onCommit = listener;
  }

  segments(): SegmentView[] {
    const { path, bytes } = this.writer;
    return [...this.sealed, { path, start: this.start, first: this.writerFirst, bytes, sealed: false }];
  }

  /** Removes a sealed segment whose records are all in the store, or gives it up with `keep` because it is damaged. */
  discard(segment: SegmentView, keep = false): void {
    const at = this.sealed.findIndex(({ path }) => path === segment.path);
    if (at < 0) throw new RangeError("only a sealed segment can be discarded");
    if (!keep) rmSync(segment.path, { force: true });
    this.sealedBytes -= segment.bytes;
    this.sealed.splice(at, 1);
  }

  stats(): JournalStats {
    return {
      start: this.start,
      sequence: this.sequence,
      segments: this.sealed.length + 1,
      bytes: this.sealedBytes + this.writer.bytes,
      pendingBytes: this.batchBytes,
      dropped: this.dropped,
      fault: this.fault?.message ?? null,
    };
  }

  /** Writes what is left and lets another process open the journal. */
  async close(): Promise<void> {
    try {
      await this.commit();
      this.writer.close(this.options.durability === "disk");
    } finally {
      this.release();
    }
  }

  /** Ends what the previous start left open, and records this one. */
  recover(): void {
    const left = [...this.open.values()];
    for (const leaf of left) {
      const event = closeAfterCrash(leaf);
      if (event !== null) this.append(event);
    }
    const { brokerId, start } = this;
    this.append({ kind: "broker.started", actor: "system/broker", brokerId, start, version: this.options.version });
    this.write();
    if (left.length > 0)
      log("journal").warn({ left: left.length }, "the previous start left statements or sessions open");
  }

  private refuseIfUnwritable(): void {
    if (this.syncFailed && this.fault !== null) throw this.fault;
    const { journalBytesMax } = this.options;
    if (this.sealedBytes + this.writer.bytes + this.batchBytes > journalBytesMax) {
      throw new JournalUnwritable(`more than ${journalBytesMax} bytes wait to be shipped to the store`);
    }
    // The remains of the failed write are the probe: once they can be written, so can what follows.
    if (this.fault !== null) this.write();
  }

  /** False when neither disk nor memory can take `bytes` more. */
  private makeRoom(bytes: number): boolean {
    if (this.batchBytes + bytes <= this.batch.length && this.batchBytes < batchBytesMax) return true;
    if (this.batchBytes + bytes > batchBytesMax && this.batchBytes > 0) {
      try {
        this.write();
      } catch {
        // Kept in memory below; whoever must not go on learns it from `commit`.
      }
    }
    const needed = this.batchBytes + bytes;
    if (needed > pendingBytesMax) return false;
    if (needed > this.batch.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(pendingBytesMax, Math.max(needed, this.batch.length * 2)));
      this.batch.copy(larger, 0, 0, this.batchBytes);
      this.batch = larger;
    }
    return true;
  }

  private write(): void {
    const now = Date.now();
    if (this.fault !== null && now - this.attemptedAt < probeIntervalMs) throw this.fault;
    this.attemptedAt = now;
    try {
      this.writer.write(this.batch, this.batchBytes);
    } catch (error) {
      throw this.unwritable(error);
    }
    this.batchBytes = 0;
    if (this.fault !== null && !this.syncFailed) this.recovered();
    if (this.writer.bytes >= this.options.segmentBytesMax) this.rotate();
    this.onCommit?.();
  }

  private unwritable(error: unknown): JournalUnwritable {
    if (this.fault === null) log("journal").error({ error }, "the journal cannot be written; statements are refused");
    this.fault = new JournalUnwritable(`the journal cannot be written: ${messageOf(error)}`, { cause: error });
    return this.fault;
  }

  private recovered(): void {
    const { dropped, brokerId } = this;
    const fault = this.fault?.message ?? "";
    this.fault = null;
    this.dropped = 0;
    log("journal").warn({ dropped }, "the journal can be written again");
    const message = dropped > 0 ? `${fault}; ${dropped} events were given up` : fault;
    const alarm = dropped > 0 ? "journal-dropped" : "journal-unwritable";
    const subject = `broker/${brokerId}`;
    this.append({ kind: "alarm.raised", actor: "system/broker", alarm, subject, message, brokerId });
  }

  /** Only ever right after a write, so that the carry is exactly what the records so far leave open. */
  private rotate(): void {
    const full = this.writer;
    const first = this.writerFirst;
    try {
      this.writerFirst = this.sequence + 1;
      this.writer = this.newWriter();
    } catch (error) {
      this.writerFirst = first;
      log("journal").warn({ error }, "no new segment could be begun; the old one grows");
      return;
    }
    full.close(this.options.durability === "disk");
    this.sealed.push({ path: full.path, start: this.start, first, bytes: full.bytes, sealed: true });
    this.sealedBytes += full.bytes;
  }

  private newWriter(): SegmentWriter {
    const path = join(this.folder, segmentFileName({ start: this.start, first: this.writerFirst }));
    return new SegmentWriter(path, segmentHead([...this.open.values()]), this.options.durability === "disk");
  }
}

type PreviousStart = { folder: string; segments: SegmentView[]; open: OpenEntries; lastStart: number };

/** What earlier starts left: segments that are not shipped yet, and statements and sessions without an end. */
function readPreviousStart(folder: string): PreviousStart {
  const found = listSegments(folder);
  const lastStart = found.at(-1)?.start ?? 0;
  let open: OpenEntries | null = null;
  for (const segment of found.toReversed()) {
    const scan = scanSegment(segment.path);
    if (scan === null) continue;
    if (scan.end !== "clean") log("journal").warn({ path: segment.path, end: scan.end }, "a segment has no clean end");
    open = openAfter(scan.carried, scan.leaves);
    break;
  }
  const segments = found.map((segment) => ({ ...segment, bytes: statSync(segment.path).size, sealed: true }));
  return { folder, segments, open: open ?? new Map(), lastStart };
}

/**
 * Opens the journal of a broker: locks it, begins a new start, and ends what a crash left open with outcome unknown.
 * @throws AppError "conflict" while another process writes it; the system's error when the folder cannot be written
 */
export function openJournal(options: JournalOptions): Journal {
  const folder = join(options.dir, options.brokerId);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const release = lockJournal(folder);
  try {
    const complete = {
      version: "unknown",
      segmentBytesMax: segmentBytesMaxDefault,
      journalBytesMax: journalBytesMaxDefault,
      ...options,
    };
    const journal = new Journal(complete, readPreviousStart(folder), release);
    if (options.durability === "disk") syncDirectory(dirname(folder));
    journal.recover();
    return journal;
  } catch (error) {
    release();
    throw error;
  }
}

import { type FileHandle, open } from "node:fs/promises";
import { type JournalRecord, readRecord } from "@/lib/audit/journal-record";
import { isZero, recordsOffset } from "./segment-file";

/** Records of one read, at most; between so many parsed records the event loop gets its turn. */
const recordsMax = 5_000;
const readBytesMax = 4 * 1024 * 1024;
const recordsPerTurn = 500;

export type SegmentEnd = "more" | "end" | "torn" | "damaged";

export type SegmentBatch = { records: JournalRecord[]; end: SegmentEnd; reason: string };

/** Reads the whole records of a segment in order, without holding more than one batch in memory. */
export class SegmentReader {
  private offset: number | null = null;

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<SegmentReader> {
    return new SegmentReader(await open(path, "r"));
  }

  /**
   * The records that follow what was read before. The offset moves only with `advance`, so that a batch can be read again.
   * @param bytes how much of the file holds whole records (of a sealed file: its size)
   */
  async read(bytes: number): Promise<SegmentBatch & { next: number }> {
    this.offset ??= await this.findRecords(bytes);
    if (this.offset === null) return { records: [], end: "torn", reason: "the head of the segment is torn", next: 0 };
    const at = this.offset;
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(readBytesMax, bytes - at)));
    const { bytesRead } = await this.file.read(buffer, 0, buffer.length, at);
    const parsed = await parse(buffer.subarray(0, bytesRead));
    const next = at + parsed.used;
    if (parsed.end === "damaged") return { ...parsed, next };
    const atEnd = at + bytesRead >= bytes;
    if (next >= bytes) return { ...parsed, end: "end", next };
    return { ...parsed, end: parsed.stopped || !atEnd ? "more" : "torn", next };
  }

  advance(next: number): void {
    this.offset = next;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async findRecords(bytes: number): Promise<number | null> {
    const head = Buffer.alloc(Math.min(bytes, 64));
    await this.file.read(head, 0, head.length, 0);
    const offset = recordsOffset(head);
    return offset === null || offset > bytes ? null : offset;
  }
}

type Parsed = { records: JournalRecord[]; used: number; stopped: boolean; end: SegmentEnd; reason: string };

async function parse(bytes: Buffer): Promise<Parsed> {
  const parsed: Parsed = { records: [], used: 0, stopped: false, end: "more", reason: "" };
  while (parsed.used < bytes.length) {
    if (parsed.records.length === recordsMax) return { ...parsed, stopped: true };
    const read = readRecord(bytes, parsed.used);
    if (read.status === "short") return parsed;
    if (read.status === "damaged") {
      const zeros = isZero(bytes.subarray(parsed.used));
      return zeros ? parsed : { ...parsed, end: "damaged", reason: read.reason };
    }
    parsed.records.push(read.record);
    parsed.used = read.end;
    if (parsed.records.length % recordsPerTurn === 0) await new Promise(setImmediate);
  }
  return parsed;
}

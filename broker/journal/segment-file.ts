import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32c } from "@/lib/audit/crc32c";
import { readRecord, segmentMagic } from "@/lib/audit/journal-record";

/**
 * A segment file: magic, then a carry block (u32 length, u32 CRC-32C, JSON), then records. The carry lists the leaves
 * of everything that was open when the segment began, so that the newest segment alone tells what a crash left open.
 */

const blockPrefixBytes = 8;
/** More is damage, not a carry. */
const carryBytesMax = 512 * 1024 * 1024;

export type SegmentName = { start: number; first: number };

const pattern = /^(\d{10})-(\d{15})\.journal$/;

/** Names sort by start, then by first sequence. */
export function segmentFileName({ start, first }: SegmentName): string {
  return `${String(start).padStart(10, "0")}-${String(first).padStart(15, "0")}.journal`;
}

export function listSegments(dir: string): (SegmentName & { path: string })[] {
  const found: (SegmentName & { path: string })[] = [];
  for (const name of readdirSync(dir).sort()) {
    const match = pattern.exec(name);
    if (match !== null) found.push({ path: join(dir, name), start: Number(match[1]), first: Number(match[2]) });
  }
  return found;
}

/** Bytes that begin a segment. */
export function segmentHead(openLeaves: string[]): Buffer {
  const carry = Buffer.from(JSON.stringify(openLeaves), "utf8");
  const prefix = Buffer.alloc(blockPrefixBytes);
  prefix.writeUInt32LE(carry.length, 0);
  prefix.writeUInt32LE(crc32c(carry), 4);
  return Buffer.concat([segmentMagic, prefix, carry]);
}

/** Offset of the first record, or null while the head is not whole or not one of ours. */
export function recordsOffset(bytes: Buffer): number | null {
  const carryAt = segmentMagic.length + blockPrefixBytes;
  if (bytes.length < carryAt || !bytes.subarray(0, segmentMagic.length).equals(segmentMagic)) return null;
  const length = bytes.readUInt32LE(segmentMagic.length);
  return length > carryBytesMax ? null : carryAt + length;
}

export type SegmentScan = {
  /** leaves that were open when the segment began */
  carried: string[];
  leaves: Buffer[];
  /** highest sequence, 0 where there is no record */
  last: number;
  /** bytes of the whole records; what follows was never acknowledged, or is damaged */
  wholeBytes: number;
  end: "clean" | "torn" | "damaged";
};

/** Reads a whole segment; null where its head is torn, in which case it never held a record. */
export function scanSegment(path: string): SegmentScan | null {
  const bytes = readFileSync(path);
  const from = recordsOffset(bytes);
  if (from === null || from > bytes.length) return null;
  const carry = bytes.subarray(segmentMagic.length + blockPrefixBytes, from);
  if (crc32c(carry) !== bytes.readUInt32LE(segmentMagic.length + 4)) return null;
  const scan: SegmentScan = {
    carried: JSON.parse(carry.toString("utf8")) as string[],
    leaves: [],
    last: 0,
    wholeBytes: from,
    end: "clean",
  };
  while (scan.wholeBytes < bytes.length) {
    const read = readRecord(bytes, scan.wholeBytes);
    if (read.status !== "record") {
      scan.end = read.status === "short" || isZero(bytes.subarray(scan.wholeBytes)) ? "torn" : "damaged";
      break;
    }
    scan.leaves.push(read.record.leaf as Buffer);
    scan.last = read.record.sequence;
    scan.wholeBytes = read.end;
  }
  return scan;
}

/** After a power loss a file can end in zeros where its length was written and its data was not. */
export function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

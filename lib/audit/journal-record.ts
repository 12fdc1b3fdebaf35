import { crc32c } from "./crc32c";

/**
 * One record of a broker's journal, all integers little-endian:
 *
 *   u32 length of the body · u32 CRC-32C of the body · body
 *   body: u8 length of the broker id · broker id · u32 start · u48 sequence · 16 bytes event id · leaf (UTF-8)
 *
 * Start and sequence stand in every record, so that a missing tail shows as a gap.
 */

/** First bytes of a segment file; the digit is the version of the format. */
export const segmentMagic = Buffer.from("CSJRNL1\n", "latin1");

const prefixBytes = 8;
const bodyFixedBytes = 1 + 4 + 6 + 16;
const brokerIdBytesMax = 255;
/** Above any leaf; a longer length is damage, never an allocation. */
export const recordBodyBytesMax = 128 * 1024;
const idHexDigits = 32;

export type JournalRecord = {
  brokerId: string;
  start: number;
  sequence: number;
  /** 16 bytes of the event's UUID; a view into the bytes that were read */
  id: Uint8Array;
  /** UTF-8; a view into the bytes that were read */
  leaf: Uint8Array;
};

export type RecordRead =
  | { status: "record"; record: JournalRecord; end: number }
  /** more bytes are needed: at the end of a file, a torn record */
  | { status: "short" }
  | { status: "damaged"; reason: string };

/** Prefix, broker id and start of every record of one start; `writeRecord` copies it and fills in the rest. */
export function recordHeader(brokerId: string, start: number): Buffer {
  const id = Buffer.from(brokerId, "utf8");
  if (id.length === 0 || id.length > brokerIdBytesMax) throw new RangeError("a broker id has 1 to 255 bytes");
  const header = Buffer.alloc(prefixBytes + bodyFixedBytes + id.length);
  header[prefixBytes] = id.length;
  id.copy(header, prefixBytes + 1);
  header.writeUInt32LE(start, prefixBytes + 1 + id.length);
  return header;
}

/** Upper bound of the bytes that a record with this leaf takes (a UTF-16 unit is at most three bytes of UTF-8). */
export function recordBytesBound(header: Buffer, leaf: string): number {
  return header.length + leaf.length * 3;
}

export type RecordFields = { header: Buffer; sequence: number; id: string; leaf: string };

/**
 * Writes one record at `at` and returns the offset behind it. `into` must have `recordBytesBound` bytes left.
 * Hot path: no allocation.
 */
export function writeRecord(into: Buffer, at: number, { header, sequence, id, leaf }: RecordFields): number {
  const leafAt = at + header.length;
  header.copy(into, at);
  into.writeUIntLE(sequence, leafAt - 22, 6);
  writeUuid(into, leafAt - 16, id);
  const end = leafAt + into.write(leaf, leafAt, "utf8");
  const bodyAt = at + prefixBytes;
  into.writeUInt32LE(end - bodyAt, at);
  into.writeUInt32LE(crc32c(into, bodyAt, end), at + 4);
  return end;
}

function writeUuid(into: Buffer, at: number, id: string): void {
  const digits =
    id.length === 36 ? id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24) : id;
  const written = digits.length === idHexDigits ? into.write(digits, at, "hex") : 0;
  if (written !== 16) throw new TypeError("an event id is a UUID");
}

/** Reads the record at `at` of `bytes`, which may end anywhere. */
export function readRecord(bytes: Buffer, at: number): RecordRead {
  if (at + prefixBytes > bytes.length) return { status: "short" };
  const length = bytes.readUInt32LE(at);
  if (length < bodyFixedBytes + 1 || length > recordBodyBytesMax) {
    return { status: "damaged", reason: `impossible record length ${length}` };
  }
  const bodyAt = at + prefixBytes;
  const end = bodyAt + length;
  if (end > bytes.length) return { status: "short" };
  if (crc32c(bytes, bodyAt, end) !== bytes.readUInt32LE(at + 4)) {
    return { status: "damaged", reason: "checksum does not match" };
  }
  const idLength = bytes[bodyAt] ?? 0;
  const startAt = bodyAt + 1 + idLength;
  const leafAt = startAt + 26;
  if (leafAt > end) return { status: "damaged", reason: "broker id longer than the record" };
  const record = {
    brokerId: bytes.toString("utf8", bodyAt + 1, startAt),
    start: bytes.readUInt32LE(startAt),
    sequence: bytes.readUIntLE(startAt + 4, 6),
    id: bytes.subarray(startAt + 10, leafAt),
    leaf: bytes.subarray(leafAt, end),
  };
  return { status: "record", record, end };
}

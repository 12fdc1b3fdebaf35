import { once } from "node:events";
import type { Duplex } from "node:stream";
import type pg from "pg";

/** COPY … FROM STDIN in binary format, which spares both sides the escaping and parsing of every leaf. */

/** Signature, flags and length of the header extension (PostgreSQL documentation, COPY, Binary Format). */
const fileHeader = Buffer.from("5047434f50590aff0d0a000000000000000000", "hex");
const fileTrailer = Buffer.from([0xff, 0xff]);
/** Above this the sender waits for the socket to drain. */
const socketBytesMax = 1024 * 1024;

/** What pg's connection offers for COPY; its types leave it out. */
type CopyConnection = {
  stream: Duplex;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
};

type Finish = { resolve: (rows: number) => void; reject: (error: unknown) => void };

/** A statement as pg's client runs it: the client calls these as the server answers. */
class CopyIn {
  private rows = 0;
  private error: unknown = null;

  constructor(
    private readonly text: string,
    private readonly send: (connection: CopyConnection) => Promise<void>,
    private readonly finish: Finish,
  ) {}

  submit(connection: CopyConnection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.send(connection).then(
      () => connection.endCopyFrom(),
      (error: unknown) => {
        this.error = error;
        connection.sendCopyFail("the sender failed");
      },
    );
  }

  handleCommandComplete(message: { text: string }): void {
    this.rows = Number(message.text.split(" ")[1] ?? 0);
  }

  handleError(error: unknown): void {
    // The sender's own error says more than the server's answer to CopyFail.
    this.finish.reject(this.error ?? error);
  }

  handleReadyForQuery(): void {
    this.finish.resolve(this.rows);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}

/**
 * Copies encoded rows into a table and returns how many arrived.
 * @param target `table (column, …)`, written by us
 * @param chunks whole or partial rows as `CopyRows` encodes them
 * @throws the server's error, after which the transaction is aborted
 */
export function copyInto(
  client: pg.ClientBase,
  target: string,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<number> {
  const send = async (connection: CopyConnection): Promise<void> => {
    connection.sendCopyFromChunk(fileHeader);
    for await (const chunk of chunks) {
      if (connection.stream.destroyed) throw new Error("Connection terminated");
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableLength > socketBytesMax) await drained(connection.stream);
    }
    connection.sendCopyFromChunk(fileTrailer);
  };
  return new Promise((resolve, reject) => {
    const copy = new CopyIn(`copy ${target} from stdin (format binary)`, send, { resolve, reject });
    (client.query as (submittable: unknown) => unknown)(copy);
  });
}

async function drained(stream: Duplex): Promise<void> {
  const ended = new AbortController();
  try {
    const options = { signal: ended.signal };
    await Promise.race([once(stream, "drain", options), once(stream, "close", options)]);
  } finally {
    ended.abort();
  }
}

/** Builds rows of a binary COPY in one growing buffer. Every field is a length and its bytes; −1 is NULL. */
export class CopyRows {
  private bytes: Buffer;
  private used = 0;

  constructor(bytesInitial = 256 * 1024) {
    this.bytes = Buffer.allocUnsafe(bytesInitial);
  }

  /** Encoded bytes so far. */
  get length(): number {
    return this.used;
  }

  /** The encoded rows; the builder starts anew. The result is valid until the next call of any other method. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.used);
    this.bytes = Buffer.allocUnsafe(this.bytes.length);
    this.used = 0;
    return taken;
  }

  row(fields: number): this {
    this.reserve(2);
    this.used = this.bytes.writeInt16BE(fields, this.used);
    return this;
  }

  raw(value: Uint8Array | null): this {
    this.header(value === null ? -1 : value.length, value?.length ?? 0);
    if (value !== null) {
      this.bytes.set(value, this.used);
      this.used += value.length;
    }
    return this;
  }

  text(value: string | null): this {
    if (value === null) return this.raw(null);
    this.reserve(4 + value.length * 3);
    const length = this.bytes.write(value, this.used + 4, "utf8");
    this.bytes.writeInt32BE(length, this.used);
    this.used += 4 + length;
    return this;
  }

  uuid(value: string): this {
    return this.raw(Buffer.from(value.replaceAll("-", ""), "hex"));
  }

  int4(value: number | null): this {
    if (value === null) return this.raw(null);
    this.header(4, 4);
    this.used = this.bytes.writeInt32BE(value, this.used);
    return this;
  }

  int8(value: bigint | null): this {
    if (value === null) return this.raw(null);
    this.header(8, 8);
    this.used = this.bytes.writeBigInt64BE(value, this.used);
    return this;
  }

  float8(value: number | null): this {
    if (value === null) return this.raw(null);
    this.header(8, 8);
    this.used = this.bytes.writeDoubleBE(value, this.used);
    return this;
  }

  /** @param value ISO 8601; timestamptz counts microseconds from 2000-01-01 */
  timestamp(value: string): this {
    return this.int8((BigInt(Date.parse(value)) - postgresEpochMs) * 1_000n);
  }

  /** One-dimensional text[] without NULLs. */
  textArray(values: readonly string[]): this {
    const encoded = values.map((value) => Buffer.from(value, "utf8"));
    const dimensions = values.length === 0 ? 0 : 1;
    const size = 12 + dimensions * 8 + encoded.reduce((sum, value) => sum + 4 + value.length, 0);
    this.header(size, size);
    this.used = this.bytes.writeInt32BE(dimensions, this.used);
    this.used = this.bytes.writeInt32BE(0, this.used);
    this.used = this.bytes.writeInt32BE(textOid, this.used);
    if (dimensions === 1) {
      this.used = this.bytes.writeInt32BE(values.length, this.used);
      this.used = this.bytes.writeInt32BE(1, this.used);
    }
    for (const value of encoded) this.raw(value);
    return this;
  }

  private header(length: number, bytes: number): void {
    this.reserve(4 + bytes);
    this.used = this.bytes.writeInt32BE(length, this.used);
  }

  private reserve(bytes: number): void {
    if (this.used + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + bytes));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }
}

const postgresEpochMs = BigInt(Date.UTC(2000, 0, 1));
const textOid = 25;

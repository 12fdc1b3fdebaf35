import { isUtf8 } from "node:buffer";

/** A message body that does not read as the protocol says. The session survives it (ERROR, not FATAL). */
export class MessageFault extends Error {
  readonly sqlstate: "08P01" | "22021";

  constructor(message: string, sqlstate: "08P01" | "22021" = "08P01") {
    super(message);
    this.name = "MessageFault";
    this.sqlstate = sqlstate;
  }
}

/**
 * Reads the fields of one message body from left to right, with PostgreSQL's own complaints (pqformat.c).
 * @throws MessageFault
 */
export class BodyReader {
  readonly #bytes: Buffer;
  #offset: number;

  /** @param offset of the body inside `bytes`: 5 behind a type and a length */
  constructor(bytes: Buffer, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  byte(): number {
    if (this.remaining < 1) throw new MessageFault("no data left in message");
    return this.#bytes[this.#offset++]!;
  }

  int16(): number {
    if (this.remaining < 2) throw new MessageFault("insufficient data left in message");
    const value = this.#bytes.readInt16BE(this.#offset);
    this.#offset += 2;
    return value;
  }

  int32(): number {
    if (this.remaining < 4) throw new MessageFault("insufficient data left in message");
    const value = this.#bytes.readInt32BE(this.#offset);
    this.#offset += 4;
    return value;
  }

  bytes(count: number): Buffer {
    if (count < 0 || this.remaining < count) throw new MessageFault("insufficient data left in message");
    const value = this.#bytes.subarray(this.#offset, this.#offset + count);
    this.#offset += count;
    return value;
  }

  /** A NUL-terminated UTF-8 string. Invalid UTF-8 is refused: analysis and server would read different texts. */
  string(): string {
    const end = this.#bytes.indexOf(0, this.#offset);
    if (end < 0) throw new MessageFault("invalid string in message");
    const from = this.#offset;
    this.#offset = end + 1;
    const raw = this.#bytes.subarray(from, end);
    if (!isUtf8(raw)) throw new MessageFault('invalid byte sequence for encoding "UTF8"', "22021");
    return raw.toString("utf8");
  }

  end(): void {
    if (this.remaining !== 0) throw new MessageFault("invalid message format");
  }
}

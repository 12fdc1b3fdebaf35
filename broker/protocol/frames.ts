/** Splits a byte stream of the regular phase (type byte, int32 length, body) into whole messages. */

/** One message. `bytes` is the whole frame (header included) and is valid only until the next `push`. */
export type Frame = { type: number; bytes: Buffer };

export type FrameFault = { fault: string; sqlstate: "08P01" };

const headerBytes = 5;
const lengthBytesMin = 4;

/** Message types that a client may send after start-up. */
const clientTypes = new Set(Array.from("BCDEFHPQSXcdfp", (letter) => letter.charCodeAt(0)));

/**
 * Collects chunks until a frame is whole. Memory follows what has arrived, never what a length field claims.
 * After a fault the reader stays faulted: the stream has lost its frame boundaries.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #buffered = 0;
  #head: Buffer | undefined;
  #offset = 0;
  #messageBytesMax: number;
  #faulted: FrameFault | undefined;

  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /** Bytes that have arrived and belong to no finished frame. */
  get bufferedBytes(): number {
    return this.#buffered + (this.#head === undefined ? 0 : this.#head.length - this.#offset);
  }

  /** Before authentication a smaller bound holds; it is raised afterwards. */
  allow(messageBytesMax: number): void {
    this.#messageBytesMax = messageBytesMax;
  }

  push(chunk: Buffer): void {
    if (this.#head === undefined) {
      this.#head = chunk;
      this.#offset = 0;
      return;
    }
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /** The next whole frame, a fault, or undefined until more bytes arrive. */
  next(): Frame | FrameFault | undefined {
    if (this.#faulted !== undefined) return this.#faulted;
    if (this.#head === undefined) return undefined;
    if (this.#available() < headerBytes && !this.#gather(headerBytes)) return undefined;
    const type = this.#head[this.#offset]!;
    const length = this.#head.readInt32BE(this.#offset + 1);
    if (!clientTypes.has(type)) return this.#fail(`invalid frontend message type ${type}`);
    if (length < lengthBytesMin || length > this.#messageBytesMax) return this.#fail("invalid message length");
    const total = length + 1;
    if (this.#available() < total && !this.#gather(total)) return undefined;
    const bytes = this.#head.subarray(this.#offset, this.#offset + total);
    this.#advance(total);
    return { type, bytes };
  }

  /** What has not been read, for handing a connection over to TLS or to the regular phase. */
  rest(): Buffer {
    this.#gather(this.bufferedBytes);
    const rest = this.#head?.subarray(this.#offset) ?? Buffer.alloc(0);
    this.#head = undefined;
    return rest;
  }

  #available(): number {
    return this.#head === undefined ? 0 : this.#head.length - this.#offset;
  }

  /** Makes the head hold at least `wanted` bytes; joins all chunks once, when enough have arrived. */
  #gather(wanted: number): boolean {
    if (this.bufferedBytes < wanted) return false;
    if (this.#chunks.length > 0) {
      this.#head = Buffer.concat([this.#head!.subarray(this.#offset), ...this.#chunks]);
      this.#offset = 0;
      this.#chunks = [];
      this.#buffered = 0;
    }
    return true;
  }

  #advance(bytes: number): void {
    this.#offset += bytes;
    if (this.#head !== undefined && this.#offset === this.#head.length) {
      this.#head = this.#chunks.shift();
      if (this.#head !== undefined) this.#buffered -= this.#head.length;
      this.#offset = 0;
    }
  }

  #fail(fault: string): FrameFault {
    this.#faulted = { fault, sqlstate: "08P01" };
    return this.#faulted;
  }
}

export function isFault(frame: Frame | FrameFault): frame is FrameFault {
  return "fault" in frame;
}

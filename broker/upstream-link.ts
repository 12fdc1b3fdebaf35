import { Buffer } from "node:buffer";

import type { Flusher } from "./flusher";
import type { Upstream } from "./upstream";

/**
 * The socket towards the upstream. Nothing is written at once: bytes wait until the journal has what they need,
 * at the end of the tick, and go out in one system call.
 */
export class UpstreamLink {
  readonly upstream: Upstream;
  readonly #flusher: Flusher;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  marked = false;
  /** the journal could not be written: what waits must not be sent */
  onJournalFailure: (error: unknown) => void = () => undefined;
  onCrowded: () => void = () => undefined;
  /** what waited has been written */
  onSent: () => void = () => undefined;

  constructor(upstream: Upstream, flusher: Flusher) {
    this.upstream = upstream;
    this.#flusher = flusher;
  }

  send(bytes: Buffer): void {
    const last = this.#waiting.at(-1);
    this.#waitingBytes += bytes.length;
    if (last !== undefined && continues(last, bytes)) {
      this.#waiting[this.#waiting.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + bytes.length);
    } else {
      this.#waiting.push(bytes);
    }
    this.#flusher.mark(this);
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  flushNow(): void {
    this.marked = false;
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    const bytes = this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#write(waiting, bytes);
    this.onSent();
  }

  take(): () => void {
    this.marked = false;
    const waiting = this.#waiting;
    const bytes = this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return () => {
      this.#write(waiting, bytes);
      this.onSent();
    };
  }

  #write(parts: Buffer[], bytes: number): void {
    const { socket } = this.upstream;
    if (socket.destroyed || !socket.writable || parts.length === 0) return;
    if (parts.length === 1) socket.write(parts[0]!);
    else if (bytes <= joinBytesMax) socket.write(Buffer.concat(parts, bytes));
    else {
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.uncork();
    }
    if (socket.writableNeedDrain) this.onCrowded();
  }

  drop(): void {
    this.marked = false;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

const joinBytesMax = 64 * 1024;

/** Frames of one chunk lie next to each other in memory: they are sent as the one slice they came as. */
function continues(before: Buffer, next: Buffer): boolean {
  return before.buffer === next.buffer && before.byteOffset + before.length === next.byteOffset;
}

import type { Socket } from "node:net";

import { type Frame, type FrameFault, FrameReader } from "./protocol/frames";
import { readStartup, type StartupPacket } from "./protocol/startup";

/** What a waiting reader gets when the peer has gone or took too long. */
export type Ended = "closed" | "timeout";

/**
 * A connection before its session: messages are asked for one at a time. Nothing is read ahead of the bound that
 * holds for the message asked for, and whoever takes over gets what was not consumed.
 */
export class Inbound {
  readonly socket: Socket;
  #kept: Buffer = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #ended: Ended | undefined;
  readonly #onData = (chunk: Buffer): void => {
    this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    if (this.#kept.length >= this.#pauseBytes) this.socket.pause();
    this.#wake?.();
  };
  readonly #onEnd = (): void => this.end("closed");
  #pauseBytes: number;

  /** @param pauseBytes beyond this many unread bytes the socket is not read */
  constructor(socket: Socket, pauseBytes: number) {
    this.socket = socket;
    this.#pauseBytes = pauseBytes;
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onEnd);
    socket.on("error", this.#onEnd);
  }

  get unreadBytes(): number {
    return this.#kept.length;
  }

  end(why: Ended): void {
    this.#ended ??= why;
    this.#wake?.();
  }

  async firstByte(): Promise<number | Ended> {
    return this.#until(() => this.#kept[0]);
  }

  async startup(): Promise<StartupPacket | Ended> {
    return this.#until(() => {
      const read = readStartup(this.#kept);
      if (read === undefined) return undefined;
      this.#kept = this.#kept.subarray(read.bytes);
      return read.packet;
    });
  }

  async message(messageBytesMax: number): Promise<Frame | FrameFault | Ended> {
    return this.#until(() => {
      const reader = new FrameReader(messageBytesMax);
      if (this.#kept.length === 0) return undefined;
      reader.push(this.#kept);
      const frame = reader.next();
      if (frame !== undefined && !("fault" in frame)) this.#kept = this.#kept.subarray(frame.bytes.length);
      return frame;
    });
  }

  /** One message of an upstream's start-up. */
  async serverMessage(bytesMax: number): Promise<{ type: string; bytes: Buffer } | Ended | "fault"> {
    return this.#until(() => {
      if (this.#kept.length < 5) return undefined;
      const total = this.#kept.readInt32BE(1) + 1;
      if (total < 5 || total > bytesMax) return "fault" as const;
      if (this.#kept.length < total) return undefined;
      const bytes = this.#kept.subarray(0, total);
      this.#kept = this.#kept.subarray(total);
      return { type: String.fromCharCode(bytes[0]!), bytes };
    });
  }

  /** Stops listening; the caller owns the socket and these bytes. */
  detach(): Buffer {
    this.socket.off("data", this.#onData);
    this.socket.off("end", this.#onEnd);
    this.socket.off("close", this.#onEnd);
    this.socket.off("error", this.#onEnd);
    this.socket.pause();
    return this.#kept;
  }

  async #until<T>(look: () => T | undefined): Promise<T | Ended> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.#ended !== undefined) return this.#ended;
      this.socket.resume();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}

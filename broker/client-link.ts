import type { Socket } from "node:net";

/** The socket towards the client: writes what the broker has for it, and says when it should be given less. */
export class ClientLink {
  readonly socket: Socket;
  #onDrain: (() => void) | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("drain", () => {
      const wake = this.#onDrain;
      this.#onDrain = undefined;
      wake?.();
    });
  }

  write(bytes: Buffer): void {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(bytes);
  }

  /** One system call for all parts. */
  writeAll(parts: Buffer[]): void {
    if (parts.length === 1) {
      this.write(parts[0]!);
      return;
    }
    this.socket.cork();
    for (const part of parts) this.write(part);
    this.socket.uncork();
  }

  get crowded(): boolean {
    return this.socket.writableNeedDrain;
  }

  whenDrained(run: () => void): void {
    this.#onDrain = run;
  }

  end(bytes?: Buffer): void {
    if (this.socket.destroyed) return;
    if (bytes !== undefined && this.socket.writable) this.socket.end(bytes);
    else this.socket.end();
    // A peer that never closes its half must not keep the socket.
    this.socket.setTimeout(closeMsMax, () => this.socket.destroy());
  }
}

const closeMsMax = 2_000;

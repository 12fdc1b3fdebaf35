import { closeSync, constants, fdatasync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * One open segment. Writes go to explicit positions, so that a write that failed half-way is simply repeated and
 * overwrites its own remains.
 */
export class SegmentWriter {
  readonly path: string;
  /** bytes that are wholly written; readers never go beyond */
  bytes = 0;
  private readonly fd: number;
  private syncedBytes = 0;
  private running: Promise<void> | null = null;
  private waiting: Promise<void> | null = null;

  /** @throws the system's error; then no file is left behind */
  constructor(path: string, head: Buffer, durable: boolean) {
    this.path = path;
    this.fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      this.write(head, head.length);
      if (durable) {
        this.syncNow();
        syncDirectory(dirname(path));
      }
    } catch (error) {
      closeSync(this.fd);
      rmSync(path, { force: true });
      throw error;
    }
  }

  /** Writes `length` bytes behind what is there. @throws the system's error; then nothing counts as written */
  write(bytes: Buffer, length: number): void {
    for (let done = 0; done < length; ) {
      done += writeSync(this.fd, bytes, done, length - done, this.bytes + done);
    }
    this.bytes += length;
  }

  /** Resolves when everything written so far is on the disk; callers of one moment share one fdatasync. */
  sync(): Promise<void> {
    if (this.syncedBytes >= this.bytes) return Promise.resolve();
    if (this.running === null) return this.syncOnce();
    const next = () => {
      this.waiting = null;
      return this.sync();
    };
    this.waiting ??= this.running.then(next, next);
    return this.waiting;
  }

  private syncOnce(): Promise<void> {
    const target = this.bytes;
    this.running = new Promise<void>((resolve, reject) => {
      fdatasync(this.fd, (error) => {
        this.running = null;
        if (error) return reject(error);
        this.syncedBytes = Math.max(this.syncedBytes, target);
        resolve();
      });
    });
    return this.running;
  }

  private syncNow(): void {
    fdatasyncSync(this.fd);
    this.syncedBytes = this.bytes;
  }

  /** Ends the segment; in durable mode its last bytes reach the disk first. */
  close(durable: boolean): void {
    if (durable && this.syncedBytes < this.bytes) this.syncNow();
    const close = () => closeSync(this.fd);
    // A descriptor that is closed under a running fdatasync may already name another file.
    if (this.running === null) close();
    else this.running.then(close, close);
  }
}

/** A file that was made or removed is only certain once its directory is on the disk. */
export function syncDirectory(dir: string): void {
  const fd = openSync(dir, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

const keyBytesOld = 4;
/** Protocol 3.2 allows up to 256 bytes. */
const keyBytesNew = 32;
const processIdMax = 2 ** 31 - 1;
const hashLength = 64;

export type CancelKey = { processId: number; key: Buffer };

/** SHA-256 hex: what brokers tell each other instead of the key. */
export function hashOfCancelKey({ processId, key }: CancelKey): string {
  const id = Buffer.alloc(4);
  id.writeInt32BE(processId);
  return createHash("sha256").update(id).update(key).digest("hex");
}

/** Backend keys of this process's sessions: random, the broker's own, nothing of the upstream's. */
export class Cancels {
  readonly #byProcessId = new Map<number, { hash: Buffer; cancel: () => void }>();

  register(cancel: () => void, minor: 0 | 2): CancelKey & { forget: () => void } {
    let processId = randomInt(1, processIdMax);
    while (this.#byProcessId.has(processId)) processId = randomInt(1, processIdMax);
    const key = randomBytes(minor === 2 ? keyBytesNew : keyBytesOld);
    this.#byProcessId.set(processId, { hash: Buffer.from(hashOfCancelKey({ processId, key }), "hex"), cancel });
    return { processId, key, forget: () => this.#byProcessId.delete(processId) };
  }

  /** True when a session of this process has this key; it has been told then. */
  cancel(asked: CancelKey): boolean {
    const found = this.#byProcessId.get(asked.processId);
    if (found === undefined || !timingSafeEqual(found.hash, Buffer.from(hashOfCancelKey(asked), "hex"))) return false;
    found.cancel();
    return true;
  }

  /** The same for a request that came to another broker. */
  cancelByHash(hash: string): boolean {
    if (hash.length !== hashLength) return false;
    const wanted = Buffer.from(hash, "hex");
    if (wanted.length !== hashLength / 2) return false;
    let hit: (() => void) | undefined;
    for (const { hash: known, cancel } of this.#byProcessId.values()) {
      if (timingSafeEqual(known, wanted)) hit = cancel;
    }
    hit?.();
    return hit !== undefined;
  }
}

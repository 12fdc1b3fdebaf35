/** Bounds per client address, so that one host can neither fill the broker nor guess tokens at leisure. */
export type AddressBounds = { connectionsMax: number; failuresMax: number; failureWindowMsMax: number };

export const addressBounds: AddressBounds = { connectionsMax: 2_000, failuresMax: 100, failureWindowMsMax: 60_000 };

type Count = { connections: number; failures: number; windowStart: number };

export class AddressLimits {
  readonly #bounds: AddressBounds;
  readonly #now: () => number;
  readonly #counts = new Map<string, Count>();

  constructor(now: () => number, bounds: AddressBounds = addressBounds) {
    this.#bounds = bounds;
    this.#now = now;
  }

  /** Counts a connection in, or says why it may not come in. */
  enter(address: string): { ok: true } | { ok: false; message: string } {
    const count = this.#countOf(address);
    if (count.failures >= this.#bounds.failuresMax) {
      return { ok: false, message: "too many failed authentications from this address, try again later" };
    }
    if (count.connections >= this.#bounds.connectionsMax) {
      return { ok: false, message: "too many connections from this address" };
    }
    count.connections += 1;
    return { ok: true };
  }

  leave(address: string): void {
    const count = this.#countOf(address);
    count.connections = Math.max(0, count.connections - 1);
    if (count.connections === 0 && count.failures === 0) this.#counts.delete(address);
  }

  fail(address: string): void {
    this.#countOf(address).failures += 1;
  }

  /** Forgets addresses that are quiet; called by the broker's clock. */
  sweep(): void {
    for (const address of this.#counts.keys()) {
      const count = this.#countOf(address);
      if (count.connections === 0 && count.failures === 0) this.#counts.delete(address);
    }
  }

  #countOf(address: string): Count {
    const now = this.#now();
    let count = this.#counts.get(address);
    if (count === undefined) {
      count = { connections: 0, failures: 0, windowStart: now };
      this.#counts.set(address, count);
    }
    if (now - count.windowStart >= this.#bounds.failureWindowMsMax) {
      count.failures = 0;
      count.windowStart = now;
    }
    return count;
  }
}

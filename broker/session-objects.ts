import type { Portal, Prepared } from "./calls";

type Pending<T> = { value: T | null; segment: number };

/**
 * Names of a session's prepared statements (or portals). The upstream may still refuse what was just sent, so a
 * change counts for the client's next messages at once and is kept only when the upstream confirms it.
 * INVARIANT: after the upstream refused a Parse, the name means what it meant before.
 */
class Names<T> {
  readonly #confirmed = new Map<string, T>();
  readonly #pending = new Map<string, Pending<T>[]>();

  get(name: string): T | undefined {
    const last = this.#pending.get(name)?.at(-1);
    return last === undefined ? this.#confirmed.get(name) : (last.value ?? undefined);
  }

  /** @param value null closes the name; @param segment counts Syncs: an error drops what its segment still awaits */
  propose(name: string, value: T | null, segment: number): void {
    const list = this.#pending.get(name);
    if (list === undefined) this.#pending.set(name, [{ value, segment }]);
    else list.push({ value, segment });
  }

  /** Answers what the name meant until now. */
  confirm(name: string): T | undefined {
    const list = this.#pending.get(name);
    const first = list?.shift();
    if (list?.length === 0) this.#pending.delete(name);
    if (first === undefined) return undefined;
    const before = this.#confirmed.get(name);
    if (first.value === null) this.#confirmed.delete(name);
    else this.#confirmed.set(name, first.value);
    return before;
  }

  dropPending(segment: number): void {
    if (this.#pending.size === 0) return;
    for (const [name, list] of this.#pending) {
      const kept = list.filter((entry) => entry.segment !== segment);
      if (kept.length === 0) this.#pending.delete(name);
      else this.#pending.set(name, kept);
    }
  }

  delete(name: string): void {
    this.#confirmed.delete(name);
  }

  clear(): T[] {
    const all = [...this.#confirmed.values()];
    this.#confirmed.clear();
    return all;
  }

  get size(): number {
    return this.#confirmed.size;
  }

  names(): Iterable<string> {
    return this.#confirmed.keys();
  }

  values(): Iterable<T> {
    return this.#confirmed.values();
  }
}

export class SessionObjects {
  readonly statements = new Names<Prepared>();
  readonly portals = new Names<Portal>();

  dropPending(segment: number): void {
    this.statements.dropPending(segment);
    this.portals.dropPending(segment);
  }
}

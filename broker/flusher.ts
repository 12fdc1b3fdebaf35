import type { JournalPort } from "./ports";

export type Flushed = {
  marked: boolean;
  /** Takes what waits; the answer sends it. What is added later waits for the next commit. */
  take(): () => void;
  flushNow(): void;
  onJournalFailure: (error: unknown) => void;
};

/** A crash loses at most this much of how statements ended; their outcome is then unknown, which the record says. */
const lazyMsMax = 10;

/**
 * Group commit: everything that sessions appended and want to send in one turn of the event loop is written to the
 * journal once, then sent.
 * INVARIANT: no byte of a statement leaves before the record of its opening is written.
 */
export class Flusher {
  readonly #journal: JournalPort;
  #dirty: Flushed[] = [];
  #scheduled = false;
  #lazy: NodeJS.Timeout | undefined;
  readonly #runLazy = (): void => {
    this.#lazy = undefined;
    if (!this.#scheduled) this.#run();
  };
  readonly #run = (): void => {
    this.#scheduled = false;
    const dirty = this.#dirty;
    this.#dirty = [];
    try {
      const committed = this.#journal.commit();
      if (committed === undefined) {
        for (const link of dirty) link.flushNow();
        return;
      }
      const sends = dirty.map((link) => link.take());
      committed.then(
        () => {
          for (const send of sends) send();
        },
        (error) => failAll(dirty, error),
      );
    } catch (error) {
      failAll(dirty, error);
    }
  };

  constructor(journal: JournalPort) {
    this.#journal = journal;
  }

  mark(link: Flushed): void {
    if (link.marked) return;
    link.marked = true;
    this.#dirty.push(link);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#run);
  }

  /** For records that no bytes wait for: they go with the next ones that matter, or after a moment. */
  schedule(): void {
    this.#lazy ??= setTimeout(this.#runLazy, lazyMsMax).unref();
  }
}

function failAll(links: Flushed[], error: unknown): void {
  for (const link of links) link.onJournalFailure(error);
}

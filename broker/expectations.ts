import type { Call, Portal, Prepared, Subject } from "./calls";

/** What the upstream still has to answer, in order. The broker's own messages stand in the same line. */
export type Expectation =
  /** a Query message, until its ReadyForQuery; `report` replaces the error of a Query that was made to fail */
  | { kind: "query"; call: Call | null; report: Buffer | null }
  /** a Query of the broker's own on the session's connection: the client sees nothing of it */
  | { kind: "hidden"; rows: (string | null)[][]; error: string | null; done(reply: HiddenReply): void }
  | { kind: "parse"; prepared: Prepared; hidden: boolean }
  | { kind: "bind"; portal: Portal }
  | { kind: "describeStatement"; prepared: Prepared | null }
  | { kind: "describePortal"; portal: Portal | null }
  | { kind: "execute"; portal: Portal; rowsMax: number }
  | { kind: "close"; of: "statement" | "portal"; name: string; hidden: boolean }
  | { kind: "sync" }
  /** the client's CopyDone or CopyFail: nothing answers it, but a Sync before it does not count in COPY mode */
  | { kind: "copyEnd" }
  /** a message that always fails, in place of a refused one; `report` replaces the upstream's error */
  | { kind: "poison"; report: Buffer }
  /** bytes for the client, when everything before has been answered */
  | { kind: "local"; bytes: Buffer };

export type HiddenReply = { rows: (string | null)[][] } | { error: string };

const compactAt = 256;

/** A queue that reuses its array: most sessions never have more than a few entries. */
export class Expectations {
  #items: (Expectation | undefined)[] = [];
  #head = 0;
  /** Sync, Query and hidden entries: while there are any, the transaction status is not known */
  #readies = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  get readies(): number {
    return this.#readies;
  }

  peek(): Expectation | undefined {
    return this.#items[this.#head];
  }

  push(expectation: Expectation): void {
    this.#items.push(expectation);
    if (endsWithReady(expectation)) this.#readies += 1;
  }

  shift(): Expectation | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (endsWithReady(item)) this.#readies -= 1;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head >= compactAt) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes out the Syncs that a server in COPY mode ignores: those before the client's CopyDone or CopyFail. */
  dropSyncsUntilCopyEnd(): void {
    for (let index = this.#head + 1; index < this.#items.length; index++) {
      const item = this.#items[index]!;
      if (item.kind === "copyEnd") return;
      if (item.kind !== "sync") continue;
      this.#items.splice(index, 1);
      this.#readies -= 1;
      index -= 1;
    }
  }
}

function endsWithReady(expectation: Expectation): boolean {
  return expectation.kind === "sync" || expectation.kind === "query" || expectation.kind === "hidden";
}

/** The call whose results the entry is waiting for. */
export function callOf(expectation: Expectation | undefined): Call | null {
  if (expectation?.kind === "query") return expectation.call;
  if (expectation?.kind === "execute") return expectation.portal.call;
  return null;
}

/** What an error or description that answers the entry is about. */
export function subjectOf(expectation: Expectation): Subject | null {
  switch (expectation.kind) {
    case "parse":
    case "describeStatement":
      return expectation.prepared;
    case "bind":
    case "describePortal":
    case "execute":
      return expectation.portal?.call ?? null;
    default:
      return callOf(expectation);
  }
}

/** The call that an entry belongs to, a Bind's included. */
export function ownerOf(expectation: Expectation): Call | null {
  return expectation.kind === "bind" ? expectation.portal.call : callOf(expectation);
}

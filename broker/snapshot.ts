import { createHash } from "node:crypto";

import type { AnalystParts } from "@/lib/analysis-types";
import type { ContextReads } from "@/lib/policy/volatile";
import type { Snapshot, SnapshotDatabase, SnapshotPrincipal } from "@/lib/snapshot";
import type { Analyst, Bus, SnapshotSource } from "./ports";

type Options = {
  source: SnapshotSource;
  analyst: Analyst;
  bus: Bus;
  now: () => number;
  onError: (error: unknown) => void;
};

/** Beyond this without word from the store, new statements are refused (fail closed). */
export const leaseMsMax = 10_000;
const pollMs = 1_000;

/** The snapshot that this process decides from: told of changes by the bus, and asking once a second anyway. */
export class SnapshotHolder {
  readonly #options: Options;
  #current: Snapshot | null = null;
  #principals = new Map<string, SnapshotPrincipal>();
  #databases = new Map<string, SnapshotDatabase>();
  #catalogHashes = new WeakMap<object, string>();
  #reads: ContextReads | null = null;
  #readsAnything = false;
  #partsHash = "";
  #epoch = 0;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;
  #checking: Promise<void> | null = null;
  #again = false;
  #listeners: (() => void)[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /** Loads the first snapshot. @throws when the store or the bundle cannot be read */
  async start(): Promise<void> {
    const confirmed = this.#options.now();
    await this.#take(await this.#options.source.loadSnapshot());
    this.#confirmedAt = confirmed;
    this.#timer = setInterval(() => this.nudge(), pollMs);
    this.#timer.unref();
    const nudge = (): void => this.nudge();
    this.#unsubscribe = await this.#options.bus.subscribe("snapshot", nudge, nudge);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#unsubscribe?.();
  }

  get version(): string {
    return this.#current?.version ?? "0";
  }

  get bundleVersion(): number | null {
    return this.#current?.bundle?.version ?? null;
  }

  /** Changes with everything that a plan depends on; a plan of another epoch is not used. */
  get epoch(): number {
    return this.#epoch;
  }

  /** What of the context policies read; null when nothing of it. */
  get reads(): ContextReads | null {
    return this.#readsAnything ? this.#reads : null;
  }

  /** True while the store confirmed within the lease that nothing newer is in force. */
  get fresh(): boolean {
    return this.#options.now() - this.#confirmedAt <= leaseMsMax;
  }

  /** @param name agent name, or e-mail in lower case */
  principal(name: string): SnapshotPrincipal | undefined {
    return this.#principals.get(name);
  }

  database(name: string): SnapshotDatabase | undefined {
    return this.#databases.get(name);
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Looks whether there is a newer snapshot; one look at a time, and one more when asked meanwhile. */
  nudge(): void {
    if (this.#checking !== null) {
      this.#again = true;
      return;
    }
    this.#checking = this.#check()
      .catch((error) => this.#options.onError(error))
      .finally(() => {
        this.#checking = null;
        if (this.#again) {
          this.#again = false;
          this.nudge();
        }
      });
  }

  async #check(): Promise<void> {
    const asked = this.#options.now();
    const version = await this.#options.source.readSnapshotVersion();
    if (version !== this.version) await this.#take(await this.#options.source.loadSnapshot());
    this.#confirmedAt = Math.max(asked, this.#confirmedAt);
  }

  async #take(snapshot: Snapshot): Promise<void> {
    // Who may no longer be here is told at once; compiling policies takes longer.
    this.#principals = new Map(snapshot.principals.map((principal) => [principal.name, principal]));
    this.#databases = new Map(snapshot.databases.map((database) => [database.name, database]));
    for (const listener of this.#listeners) listener();
    const parts = partsOf(snapshot);
    const hash = this.#hashOf(parts);
    if (hash !== this.#partsHash) {
      this.#reads = await this.#options.analyst.load(parts);
      this.#readsAnything = readsAny(this.#reads);
      this.#partsHash = hash;
      this.#epoch += 1;
    }
    this.#current = snapshot;
    for (const listener of this.#listeners) listener();
  }

  #hashOf(parts: AnalystParts): string {
    const catalogs = parts.databases.map(({ name, labels, catalog }) => {
      if (catalog === null) return [name, labels, null];
      let hash = this.#catalogHashes.get(catalog);
      if (hash === undefined) {
        hash = createHash("sha256").update(JSON.stringify(catalog)).digest("base64");
        this.#catalogHashes.set(catalog, hash);
      }
      return [name, labels, hash];
    });
    const all = JSON.stringify([parts.bundle, parts.groups, catalogs]);
    return createHash("sha256").update(all).digest("base64");
  }
}

function partsOf(snapshot: Snapshot): AnalystParts {
  return {
    snapshotVersion: snapshot.version,
    bundle: snapshot.bundle,
    groups: snapshot.groups,
    databases: snapshot.databases.map(({ name, labels, catalog }) => ({ name, labels, catalog })),
  };
}

function readsAny(reads: ContextReads): boolean {
  const sections: Record<string, unknown>[] = [reads.session, reads.time, reads.usage];
  return sections.some((section) => Object.values(section).some((read) => read !== "none"));
}

import type { Cancels } from "./cancel-keys";
import type { Flusher } from "./flusher";
import type { PlanCache } from "./plan-cache";
import type { Analyst, ApprovalStore, Bus, CatalogSource, JournalPort } from "./ports";
import type { Session } from "./session-state";
import type { SnapshotHolder } from "./snapshot";
import type { Usage } from "./usage";

/** What all sessions of one broker process share. */
export type Broker = {
  id: string;
  /** epoch milliseconds */
  now(): number;
  /** UUIDs in the order of their making */
  newId(): string;
  journal: JournalPort;
  flusher: Flusher;
  approvals: ApprovalStore;
  bus: Bus;
  catalogs: CatalogSource;
  analyst: Analyst;
  snapshot: SnapshotHolder;
  plans: PlanCache;
  usage: Usage;
  cancels: Cancels;
  sessions: Set<Session>;
  /** origin of the console, without a slash at its end */
  consoleUrl: string;
  /** Notes that a token opened a session; its owner sees when it was last used. */
  touchToken(id: string): Promise<void>;
  /** hex key of the `token` masks of a database */
  tokenKey(database: string): string;
  /** 32 bytes; salts of users that do not exist come from it */
  serverSecret: Buffer;
};

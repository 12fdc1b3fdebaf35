import type { SessionLeaf } from "@/lib/audit/statement-leaf";
import type { KeptSettings } from "@/lib/kept-settings";
import type { SnapshotDatabase, SnapshotPrincipal, SnapshotToken } from "@/lib/snapshot";
import type { CatalogRelation } from "@/lib/sql/catalog";
import type { Broker } from "./broker";
import type { Call } from "./calls";
import type { ClientLink } from "./client-link";
import type { Pipeline } from "./pipeline";
import type { FrameReader } from "./protocol/frames";
import type { UpstreamLink } from "./upstream-link";

/** Why a session ended, in the words of `session.closed`. */
export type SessionEnd =
  | "terminated"
  | "disconnected"
  | "upstream"
  | "revoked"
  | "shutdown"
  | "protocol"
  | "journal"
  | "bug";

/**
 * ready: messages are taken as they come. busy: a message is being decided, later ones wait. held: the same, and the
 * wait is for people. ended: nothing more is taken or sent.
 */
export type SessionPhase = "ready" | "busy" | "held" | "ended";

/** One authenticated client connection with its upstream connection. Spines and ribs work on it. */
export type Session = {
  readonly broker: Broker;
  /** UUID */
  readonly id: string;
  readonly client: ClientLink;
  readonly upstream: UpstreamLink;
  readonly pipeline: Pipeline;
  readonly reader: FrameReader;
  principal: SnapshotPrincipal;
  database: SnapshotDatabase;
  readonly token: SnapshotToken;
  readonly clientAddress: string;
  readonly tls: boolean;
  /** whom `$user` stands for: the upstream login, or what SET ROLE made of it */
  role: string;
  readonly openedAt: number;
  applicationName: string;
  /** unquoted, `$user` unexpanded */
  searchPath: string[];
  /** false where path or role may have changed and the upstream does not report it */
  namesKnown: boolean;
  /** a message in flight may change what names mean */
  namesMoving: boolean;
  /** path or role was changed since the last time that no transaction was open */
  namesTouched: boolean;
  /** prepared statements that a message in flight makes or frees; null: all of them */
  preparedMoving: Set<string | null>;
  /** called once when every message has been answered */
  quietWaiters: (() => void)[];
  /** relations that only this session sees */
  overlay: CatalogRelation[];
  kept: KeptSettings;
  /** what RESET ALL and DISCARD ALL go back to */
  readonly keptAtStart: KeptSettings;
  phase: SessionPhase;
  /** after a refusal in a pipeline, until the client's Sync */
  discarding: boolean;
  /** ends a hold that waits; set only while held */
  interrupt: ((why: "cancelled" | "disconnected" | "ended") => void) | null;
  /** messages of the broker's own that wait for the end of a row */
  notices: Buffer[];
  /** parts of the session's log records; made again when application name or claims change */
  leaf: SessionLeaf | null;
  /** plan-cache key without what changes from moment to moment; "" when it must be made again */
  baseKey: string;
  /** SQL PREPAREd statements by name: client text and what the upstream has */
  sqlPrepared: Map<string, { sql: string }>;
  /** cursors that were DECLAREd, by name */
  cursors: Map<string, { opened: Call; hold: boolean }>;
  /** the same, in flight */
  cursorsMoving: Map<string, Call>;
  /** snapshot version when the session began: the oldest that anything in it can have been opened under */
  readonly openedUnder: string;
  /** the upstream reports search_path (PostgreSQL 18) */
  readonly reportsSearchPath: boolean;
  /** the client has used SET ROLE or SET SESSION AUTHORIZATION */
  roleMoves: boolean;
  /** the principal has masked columns here, as the last plan said */
  masksApply: boolean;
  /** break-glass was on when the last transaction ended: it ends with the next one */
  breakGlassUsed: boolean;
  statements: number;
  /** takes the session out of the broker's lists */
  forget(): void;
};

/** Bytes for the client, at once where no row is half sent. */
export function sayNow(session: Session, bytes: Buffer): void {
  if (session.pipeline.midRow) session.notices.push(bytes);
  else session.client.write(bytes);
}

/** Bytes for the client, behind the answers that the upstream still owes. */
export function sayInTurn(session: Session, bytes: Buffer): void {
  const now = session.pipeline.local(bytes);
  if (now !== undefined) session.client.write(now);
}

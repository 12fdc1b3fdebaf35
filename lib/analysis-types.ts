import type { Principal, SessionFacts, TimeFacts, UsageFacts } from "@/lib/policy/types";
import type { Snapshot, SnapshotDatabase } from "@/lib/snapshot";
import type { CatalogRelation } from "@/lib/sql/catalog";

/** What of a snapshot the analysis needs: no credentials, no verifiers. */
export type AnalystParts = {
  snapshotVersion: string;
  bundle: Snapshot["bundle"];
  groups: string[];
  databases: Pick<SnapshotDatabase, "name" | "labels" | "catalog">[];
};

/** Who connects to what, and what policies may know about it. */
export type ConnectInput = {
  principal: Principal;
  /** registered name */
  database: string;
  session: SessionFacts;
  time: TimeFacts;
  usage: UsageFacts;
  /** ids of the principal's live grants */
  grants: string[];
};

/** One text (a statement or a batch) by one principal. */
export type AnalysisInput = ConnectInput & {
  sql: string;
  /** schemas of the session's search_path, unquoted, `$user` unexpanded */
  searchPath: string[];
  /** the upstream login, which `$user` stands for */
  role: string;
  /** relations that only this session sees: temporary ones, and uncommitted */
  overlay: CatalogRelation[];
  /** hold policies that an approval for exactly this call waives */
  waived: string[];
  /** countersign.* settings of the session, for SHOW */
  kept: Record<string, string>;
  /** prepared statements that EXECUTE may name: the client's text and what the upstream was sent for it */
  prepared: Record<string, { sql: string; upstreamSql: string }>;
};

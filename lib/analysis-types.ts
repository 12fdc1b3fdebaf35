import type { Mask } from "@/lib/masking/types";
import type { Decision, Principal, RecordedRequest, SessionFacts, TimeFacts, UsageFacts } from "@/lib/policy/types";
import type { Snapshot, SnapshotDatabase } from "@/lib/snapshot";
import type { CatalogRelation } from "@/lib/sql/catalog";
import type { RelationReference, SettingChange, Splice, SqlRefusal } from "@/lib/sql/types";

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

/** A column that is masked for a principal. */
export type MaskedColumn = {
  /** id */
  column: string;
  rule: string;
  mask: Mask;
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
  /** the planner's estimate of the rows that the text returns or changes, where it was asked for */
  estimatedRows?: number;
  /** countersign.* settings of the session, for SHOW */
  kept: Record<string, string>;
  /** prepared statements that EXECUTE may name: the text they were prepared with */
  prepared: Record<string, { sql: string }>;
};

/** One statement of a batch, analysed for one principal. Small and flat: it crosses a thread boundary. */
export type PlannedStatement = {
  node: string;
  kind: string;
  /** token range [from, to) of the statement in the batch's text */
  tokens: { from: number; to: number };
  splices: Splice[];
  settings: SettingChange[];
  endsOnly: boolean;
  transaction?: "begin" | "commit" | "rollback" | "savepoint" | "release" | "rollbackTo" | "prepare";
  changesCatalog: boolean;
  /** SQL-level PREPARE: the name, and the text that EXECUTE of it is read from */
  prepares?: { name: string; sql: string };
  /** changes search_path or role */
  movesNames?: boolean;
  /** means something else under another search_path or role, or after a PREPARE */
  readsNames?: boolean;
  /** relations that only the session sees may be gone afterwards */
  dropsNames?: boolean;
  /** prepared statements that it runs by their names */
  executes?: string[];
  /** frees a prepared statement by name; null: all of them */
  deallocates?: string | null;
  /** DECLARE: the cursor, and whether it outlives its transaction */
  declares?: { name: string; hold: boolean };
  /** FETCH and MOVE: the cursor */
  fetches?: string;
  /** closes a cursor by name; null: all of them */
  closes?: string | null;
  relations: RelationReference[];
  /** masked column ids with the rule that masks each */
  masked: { column: string; rule: string }[];
  /** result columns expected in RowDescription; null where unknown */
  resultColumns: number | null;
};

/** What the analysis of one text for one principal says; simple and extended protocol both run from it. */
export type Plan = {
  snapshotVersion: string;
  /** the text with literals replaced and comments removed: what the log keeps */
  shape: string;
  /** SHA-256 of the shape, first 16 hex digits */
  fingerprint: string;
  statements: PlannedStatement[];
  /** strictest over the batch */
  decision: Decision;
  requests: RecordedRequest[];
  /** ids */
  tables: string[];
  columns: string[];
  labels: string[];
  /** labels of each column that has any, for reviewers */
  columnLabels: { id: string; labels: string[] }[];
  refusal?: SqlRefusal;
  /** SHA-256 hex over the definitions of the relations and the masks in force: what an approval is bound to */
  bindingHash: string;
  /** the principal has masked columns in this database: errors and notices of the upstream are not relayed as they are */
  masksApply: boolean;
  /**
   * possible: the planner may be asked for its estimate of the rows. wanted: a policy that could apply reads it, and the
   * decision is without it. Absent where planning could run a function that is not harmless.
   */
  estimate?: "possible" | "wanted";
  /** what the policies were told */
  estimatedRows?: number;
  /** what the plan may be reused for */
  reuse: "shape" | "text" | "never";
};

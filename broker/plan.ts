import type { Decision, RecordedRequest } from "@/lib/policy/types";
import type { RelationReference, SettingChange, Splice, SqlRefusal } from "@/lib/sql/types";

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
  /** SQL-level PREPARE: the name and the text it stands for, before and after splices */
  prepares?: { name: string; sql: string; upstreamSql: string };
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
  /** what the plan may be reused for */
  reuse: "shape" | "text" | "never";
};

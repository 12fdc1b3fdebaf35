import type { MaskingCoverage } from "@/lib/masking/coverage";

/** A column as one principal sees it. */
export type ColumnRow = {
  name: string;
  type: string;
  labels: string[];
  /** the rule that masks it for the principal; null where it is in clear */
  rule: string | null;
  /** the rule's mask as `masking.yaml` writes it */
  mask: string | null;
  /** a made-up value before and after; null where nothing is masked */
  preview: { before: string; after: string | null } | null;
};

export type TableRow = {
  schema: string;
  name: string;
  kind: "table" | "view" | "partition" | "foreign table";
  columns: ColumnRow[];
};

export type MaskedCatalog = { tables: TableRow[]; coverage: MaskingCoverage };

export type LabelRow = { id: string; patterns: string[]; columns: number; sensitive: boolean };

/** Rules apply in this order; the first that matches a column wins. */
export type RuleRow = {
  id: string;
  matches: string[];
  byLabel: boolean;
  mask: string;
  predicates: string;
  nulls: "keep" | "hide";
  unmaskGroups: string[];
  columns: number;
  preview: { before: string; after: string | null };
};

export type MaskingRules = {
  labels: LabelRow[];
  rules: RuleRow[];
  unlabelled: "show" | "mask";
  newColumns: "show" | "mask";
};

export type StatementPreview = {
  decision: "allow" | "deny" | "hold" | "refused";
  reason: string | null;
  policies: string[];
  /** what the upstream would be sent; null where it would be sent nothing */
  after: string | null;
  masked: { column: string; rule: string }[];
};

/** A parsed mask of a rule. */
export type Mask =
  | {
      kind:
        | "redact"
        | "null"
        | "email"
        | "last4"
        | "first1"
        | "initials"
        | "year"
        | "month"
        | "token"
        | "ip-prefix"
        | "text";
    }
  | { kind: "bucket"; size: number }
  | { kind: "fixed"; value: string }
  | { kind: "json"; paths: Record<string, Mask> };

export type MaskingLabel = { id: string; columns: string[] };

export type MaskingRule = {
  id: string;
  match: { label: string } | { columns: string[] };
  mask: Mask;
  predicates: "mask" | "lookup" | "deny" | "hold";
  /** groups that see the column in clear */
  unmaskGroups: string[];
  /** what NULL becomes: stays NULL, or is hidden behind the mask's constant */
  nulls: "keep" | "hide";
};

export type MaskingConfig = {
  labels: MaskingLabel[];
  rules: MaskingRule[];
  unlabelled: "show" | "mask";
  /** columns without a label in a relation that has masked ones: masked until classified */
  newColumns: "mask" | "show";
};

/** What applies to one column for one principal. */
export type ColumnMask = {
  rule: string;
  label: string | null;
  mask: Mask;
  predicates: MaskingRule["predicates"];
  nulls: "keep" | "hide";
};

/** Masked columns of one relation for one principal: column name → mask. Absent = nothing masked. */
export type RelationMasks = Map<string, ColumnMask>;

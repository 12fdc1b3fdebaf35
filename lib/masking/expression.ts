import { type ColumnType, type PartialMask, readColumnType } from "./column-type";
import { redactedConstant, textMark } from "./constants";
import { numberMask, periodMask } from "./number-masks";
import { textMask } from "./text-masks";
import { tokenMask } from "./token-mask";
import type { Mask } from "./types";

/** The setting that carries the key of `token` masks; the broker passes it when it opens the upstream connection. */
export const tokenKeySetting = "countersign.token_key";

export type MaskExpressionInput = {
  /** SQL text of the column, e.g. `"email"` */
  column: string;
  /** format_type() of the column, of a domain's base type where it has one */
  type: string;
  /** pg_type.typtype of the column */
  typeKind: string;
  mask: Mask;
  /** `hide` puts the mask's constant in place of NULL too */
  nulls: "keep" | "hide";
};

/**
 * SQL text of the masked column, of the column's own type (a domain's base type). Only functions and operators of
 * pg_catalog, named in full; no value makes it fail, and what is too short to hide or does not look as the mask
 * expects is redacted. A mask that does not fit the type redacts.
 */
export function maskExpression(input: MaskExpressionInput): string {
  const type = readColumnType(input.type);
  // A type whose name this code cannot write: the column keeps its place, not its type.
  if (type === null) return "NULL::pg_catalog.text";
  if (input.mask.kind === "null") return `NULL::${type.cast}`;
  const hidden = redactedConstant(type);
  const partial = partialMask(input.column, type, input.mask);
  const ifNull = input.nulls === "keep" ? `NULL::${type.cast}` : hidden;
  const branches = [`WHEN ${input.column} IS NULL THEN ${ifNull}`];
  if (partial !== null) branches.push(`WHEN ${partial.when} THEN (${partial.show})::${type.cast}`);
  return `CASE ${branches.join(" ")} ELSE ${hidden} END`;
}

function partialMask(column: string, type: ColumnType, mask: Mask): PartialMask | null {
  switch (mask.kind) {
    case "redact":
    case "null":
    case "json":
      return null;
    case "email":
    case "last4":
    case "first1":
    case "initials":
    case "text":
      return textMask(column, type, mask.kind);
    case "ip-prefix":
      return prefixMask(column, type);
    case "year":
    case "month":
      return periodMask(column, type, mask.kind);
    case "bucket":
      return numberMask(column, type, mask.size);
    case "token":
      return tokenMask(column, type, tokenKeySetting);
    case "fixed":
      return fixedMask(type, mask.value);
  }
}

/** The network of an address: 24 bits of IPv4, 48 of IPv6. */
function prefixMask(column: string, type: ColumnType): PartialMask | null {
  if (type.family !== "inet" && type.family !== "cidr") return null;
  const bits = `CASE pg_catalog.family(${column}) WHEN 4 THEN 24 ELSE 48 END`;
  const network = `pg_catalog.network(pg_catalog.set_masklen(${column}, ${bits}))`;
  // A network shorter than the prefix has bits right of it that say nothing; longer ones are cut.
  return { when: `pg_catalog.masklen(${column}) OPERATOR(pg_catalog.>=) (${bits})`, show: network };
}

function fixedMask(type: ColumnType, value: string): PartialMask | null {
  if (type.family !== "text" && type.family !== "varchar" && type.family !== "char") return null;
  const ascii = /^[\x20-\x7e]*$/.test(value) ? value : textMark;
  const text = ascii.slice(0, type.length ?? ascii.length).replaceAll("'", "''");
  // Backslashes read differently under standard_conforming_strings off.
  if (text.includes("\\")) return null;
  return { when: "true", show: `'${text}'::pg_catalog.text` };
}

import { maskExpression } from "@/lib/masking/expression";
import type { RelationMasks } from "@/lib/masking/types";
import type { CatalogRelation } from "./catalog";
import { quoteSqlIdent } from "./names";
import { parseStatements } from "./parse";
import { listOf, type Tree } from "./walk";

/** A masked relation as a SELECT: its text, and the parser's tree of it. */
export type MaskedSelect = { text: string; tree: Tree };

const remembered = new WeakMap<RelationMasks, Map<string, MaskedSelect>>();

export type MaskedSelectInput = {
  relation: CatalogRelation;
  masks: RelationMasks;
  /** rows of this relation alone, without its children's */
  only: boolean;
  /** column names to list; all readable ones when absent */
  columns?: readonly string[];
};

/** `SELECT "id", <mask> AS "email" FROM "crm"."customers"`: readable columns only, in the relation's order. */
export function maskedSelect(input: MaskedSelectInput): MaskedSelect {
  const { relation, masks, only, columns } = input;
  const key = `${relation.oid} ${only} ${columns === undefined ? "" : JSON.stringify(columns)}`;
  let byKey = remembered.get(masks);
  if (byKey === undefined) {
    byKey = new Map();
    remembered.set(masks, byKey);
  }
  let select = byKey.get(key);
  if (select === undefined) {
    const text = selectText(input);
    select = { text, tree: treeOf(text) };
    byKey.set(key, select);
  }
  return select;
}

function selectText({ relation, masks, only, columns }: MaskedSelectInput): string {
  const wanted = columns ?? relation.columns.filter((column) => column.readable).map((column) => column.name);
  const list = wanted.map((name) => {
    const column = relation.columns.find((one) => one.name === name);
    const quoted = quoteSqlIdent(name);
    const mask = masks.get(name);
    if (mask === undefined) return quoted;
    // INVARIANT: a masked column reaches the list through its mask only.
    if (column === undefined) return `NULL::pg_catalog.text AS ${quoted}`;
    const type = column.baseType ?? column.type;
    const { mask: kind, nulls } = mask;
    return `${maskExpression({ column: quoted, type, typeKind: column.typeKind, mask: kind, nulls })} AS ${quoted}`;
  });
  return `SELECT ${list.join(", ")} FROM ${only ? "ONLY " : ""}${qualifiedName(relation)}`;
}

export function qualifiedName(relation: { schema: string; name: string }): string {
  return `${quoteSqlIdent(relation.schema)}.${quoteSqlIdent(relation.name)}`;
}

/** Throws when the product's own text does not parse, which ends the analysis closed. */
export function treeOf(text: string): Tree {
  const batch = parseStatements(text);
  const statement = "sqlstate" in batch ? undefined : listOf(batch.statements)[0];
  if (statement === undefined) throw new Error("a masked relation's SELECT does not parse");
  return (statement as { node: Tree }).node;
}

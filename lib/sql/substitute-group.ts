import type { RelationMasks } from "@/lib/masking/types";
import { tokenAtByte } from "./byte-offsets";
import { quoteSqlIdent } from "./names";
import type { ParsedBatch } from "./parse";
import type { GroupUse } from "./resolve-context";
import type { RangeItem } from "./scope";
import { addSplice, type Edits, insertion, textAt } from "./substitute-edits";
import { fieldsOf, listOf, strings, type Tree, walk } from "./walk";

/**
 * A relation grouped by its primary key may be read freely, a subquery may not: the columns that the SELECT reads of
 * it are added to GROUP BY, which means the same. Where this cannot be done the statement fails upstream.
 */
export function groupByKey(
  edits: Edits,
  batch: ParsedBatch,
  use: GroupUse,
  masksFor: (oid: number) => RelationMasks | undefined,
): void {
  if (use.node.groupDistinct === true) return;
  const grouped = listOf(use.node.groupClause).flatMap((element) => {
    // Ordinals are literals: the plan must fit every text of this shape.
    const column = fieldsOf(element, "ColumnRef");
    return column === undefined ? [] : [strings(column.fields)];
  });
  const added: { item: string; column: string }[] = [];
  for (const item of use.items) {
    if (item.relation === null || item.name === null || masksFor(item.relation.oid) === undefined) continue;
    const key = item.relation.columns.filter((column) => item.relation?.primaryKey.includes(column.number));
    const isGrouped = (column: string): boolean => grouped.some((names) => refersTo(use.items, item, names, column));
    if (key.length === 0 || !key.every((column) => isGrouped(column.name))) continue;
    for (const column of readColumns(use, item)) {
      if (!isGrouped(column)) added.push({ item: item.name, column });
    }
  }
  const start = added.length === 0 ? -1 : groupStart(batch, use.node);
  if (start < 0) return;
  const text = added.map(({ item, column }) => `${quoteSqlIdent(item)}.${quoteSqlIdent(column)}, `).join("");
  addSplice(edits, insertion(start, text));
  const nodes = added.map(({ item, column }) => ({
    ColumnRef: { fields: [{ String: { sval: item } }, { String: { sval: column } }] },
  }));
  edits.replacements.set(use.node, (fields) => ({
    fields: { ...fields, groupClause: [...nodes, ...listOf(fields.groupClause)] },
  }));
}

function refersTo(items: readonly RangeItem[], item: RangeItem, names: readonly string[], column: string): boolean {
  if (names.at(-1) !== column) return false;
  if (names.length > 1) return names.at(-2) === item.name;
  return items.filter((one) => one.columns.some((known) => known.name === column)).length === 1;
}

/** Columns of an item that the SELECT mentions outside GROUP BY. */
function readColumns(use: GroupUse, item: RangeItem): Set<string> {
  const read = new Set<string>();
  const { targetList, havingClause, sortClause, windowClause, distinctClause } = use.node;
  walk([targetList, havingClause, sortClause, windowClause, distinctClause], (tag, fields) => {
    if (tag !== "ColumnRef") return;
    const names = strings(fields.fields);
    const star = names.length < listOf(fields.fields).length;
    for (const { name } of item.columns) {
      const meant = star ? names.length === 0 || names.at(-1) === item.name : refersTo(use.items, item, names, name);
      if (meant) read.add(name);
    }
  });
  return read;
}

/** The token behind GROUP BY; -1 where it is not certain. */
function groupStart(batch: ParsedBatch, select: Tree): number {
  let first = Number.POSITIVE_INFINITY;
  walk(listOf(select.groupClause)[0], (_tag, fields) => {
    if (typeof fields.location === "number" && fields.location >= 0) first = Math.min(first, fields.location);
  });
  let index = Number.isFinite(first) ? tokenAtByte(batch.byteStarts, first) : -1;
  while (index > 0 && textAt(batch, index - 1) === "(") index -= 1;
  const isGroupBy =
    textAt(batch, index - 1).toLowerCase() === "by" && textAt(batch, index - 2).toLowerCase() === "group";
  return isGroupBy ? index : -1;
}

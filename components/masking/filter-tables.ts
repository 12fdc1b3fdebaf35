import { isSensitive } from "@/lib/masking/coverage";
import type { ColumnRow, TableRow } from "./masking-rows";

export type ColumnKind = "all" | "masked" | "open" | "unlabelled";

export type Narrowing = { kind: ColumnKind; text: string };

/** How a table is named in the address. */
export function tableId({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`;
}

const fits: Record<ColumnKind, (column: ColumnRow) => boolean> = {
  all: () => true,
  masked: (column) => column.rule !== null,
  open: (column) => column.rule === null && isSensitive(column.labels),
  unlabelled: (column) => column.labels.length === 0,
};

/** The tables with the columns that fit; those without one are left out. A table's own name shows all of its columns. */
export function filterTables(tables: TableRow[], { kind, text }: Narrowing): TableRow[] {
  const word = text.trim().toLowerCase();
  return tables.flatMap((table) => {
    const named = word === "" || `${table.schema}.${table.name}`.toLowerCase().includes(word);
    const columns = table.columns.filter(
      (column) => fits[kind](column) && (named || columnText(column).includes(word)),
    );
    return columns.length === 0 ? [] : [{ ...table, columns }];
  });
}

function columnText({ name, labels, rule }: ColumnRow): string {
  return [name, ...labels, rule ?? ""].join(" ").toLowerCase();
}

/** How many columns are of each kind. */
export function columnKinds(tables: TableRow[]): Record<ColumnKind, number> {
  const columns = tables.flatMap((table) => table.columns);
  const count = (kind: ColumnKind) => columns.filter(fits[kind]).length;
  return { all: count("all"), masked: count("masked"), open: count("open"), unlabelled: count("unlabelled") };
}

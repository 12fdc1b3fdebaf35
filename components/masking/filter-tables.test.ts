import { describe, expect, it } from "vitest";
import { columnKinds, filterTables } from "./filter-tables";
import type { ColumnRow, TableRow } from "./masking-rows";

const column = (name: string, labels: string[], rule: string | null): ColumnRow => ({
  name,
  labels,
  rule,
  type: "text",
  mask: null,
  preview: null,
});
const tables: TableRow[] = [
  {
    schema: "public",
    name: "customers",
    kind: "table",
    columns: [column("email", ["pii.email"], "mask-email"), column("id", ["public"], null), column("note", [], null)],
  },
  { schema: "public", name: "orders", kind: "table", columns: [column("iban", ["pii.iban"], null)] },
];
const names = (found: TableRow[]) => found.flatMap((table) => table.columns.map(({ name }) => `${table.name}.${name}`));

describe("filterTables", () => {
  it.each([
    ["all", "", ["customers.email", "customers.id", "customers.note", "orders.iban"]],
    ["masked", "", ["customers.email"]],
    ["open", "", ["orders.iban"]],
    ["unlabelled", "", ["customers.note"]],
    ["all", "ORDERS", ["orders.iban"]],
    ["all", "pii", ["customers.email", "orders.iban"]],
    ["masked", "iban", []],
  ] as const)("%s with %j", (kind, text, found) => {
    expect(names(filterTables(tables, { kind, text }))).toEqual(found);
  });

  it("counts each kind", () => {
    expect(columnKinds(tables)).toEqual({ all: 4, masked: 1, open: 1, unlabelled: 1 });
  });
});

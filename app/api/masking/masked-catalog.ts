import type { ColumnRow, MaskedCatalog, TableRow } from "@/components/masking/masking-rows";
import { previewInput } from "@/lib/analysis-input";
import { AppError } from "@/lib/errors";
import { maskingCoverage } from "@/lib/masking/coverage";
import { labelsOf } from "@/lib/masking/labels";
import { previewMask } from "@/lib/masking/preview";
import type { MaskingConfig } from "@/lib/masking/types";
import type { Principal } from "@/lib/policy/types";
import type { CatalogRelation } from "@/lib/sql/catalog";
import { columnId } from "@/lib/sql/catalog-index";
import { readStoredCatalog } from "@/lib/store/catalogs";
import { maskText } from "./mask-words";
import { withActiveAnalysis } from "./shared-analysis";

/** Stands in where nobody is chosen: an agent in no group, so that no exemption applies. */
export const nobody: Principal = { kind: "agent", name: "nobody", groups: [], owner: "nobody@example.invalid" };

const relationKinds = new Set(["r", "p", "v", "m", "f"]);

type Question = { database: string; principal: Principal; config: MaskingConfig };

/**
 * Every column of a database as a principal would see it, by the analysis that brokers use: views, partitions and
 * unmasking policies count exactly as they do there.
 * @throws AppError "not_found" for a database without a catalog
 */
export async function readMaskedCatalog({ database, principal, config }: Question): Promise<MaskedCatalog> {
  const catalog = await readStoredCatalog(database);
  if (catalog === null) throw new AppError("not_found", `the catalog of ${database} has not been read`);
  const input = previewInput({ principal, database, sql: "", at: new Date() });
  const masked = await withActiveAnalysis((analysis) => analysis.masks(input));
  const masks = new Map(masked.map((one) => [one.column, one]));
  const relations = catalog.relations.filter(({ kind }) => relationKinds.has(kind));
  const known = new Set(relations.map(({ oid }) => oid));
  const tables = relations
    .map(
      (relation): TableRow => ({
        schema: relation.schema,
        name: relation.name,
        kind: kindOf(relation, known),
        columns: relation.columns.map((column): ColumnRow => {
          const id = columnId(database, relation, column.name);
          const found = masks.get(id);
          return {
            name: column.name,
            type: column.type,
            labels: [...labelsOf(config, id)],
            rule: found?.rule ?? null,
            mask: found === undefined ? null : maskText(found.mask),
            preview: found === undefined ? null : previewMask(found.mask, column.baseType ?? column.type),
          };
        }),
      }),
    )
    .sort((a, b) => a.schema.localeCompare(b.schema) || a.name.localeCompare(b.name));
  const columns = tables.flatMap((table) => table.columns);
  return { tables, coverage: maskingCoverage(columns.map(({ labels, rule }) => ({ labels, masked: rule !== null }))) };
}

function kindOf({ kind, parents }: CatalogRelation, known: Set<number>): TableRow["kind"] {
  if (kind === "v" || kind === "m") return "view";
  if (kind === "f") return "foreign table";
  return parents.some((oid) => known.has(oid)) ? "partition" : "table";
}

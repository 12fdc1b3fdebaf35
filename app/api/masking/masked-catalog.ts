import type { ColumnRow, MaskedCatalog, TableRow } from "@/components/masking/masking-rows";
import { previewInput } from "@/lib/analysis-input";
import type { AnalysisThread } from "@/lib/analysis-thread";
import { AppError } from "@/lib/errors";
import { maskingCoverage } from "@/lib/masking/coverage";
import { labelsOf } from "@/lib/masking/labels";
import { previewMask } from "@/lib/masking/preview";
import type { Mask, MaskingConfig } from "@/lib/masking/types";
import type { Principal } from "@/lib/policy/types";
import type { CatalogRelation } from "@/lib/sql/catalog";
import { columnId } from "@/lib/sql/catalog-index";
import { quoteSqlIdent } from "@/lib/sql/names";
import { readStoredCatalog } from "@/lib/store/catalogs";
import { maskText } from "./mask-words";
import { withActiveAnalysis } from "./shared-analysis";

/** Stands in where nobody is chosen: an agent in no group, so that no exemption applies. */
export const nobody: Principal = { kind: "agent", name: "nobody", groups: [], owner: "nobody@example.invalid" };

const relationKinds = new Set(["r", "p", "v", "m", "f"]);
const redact: Mask = { kind: "redact" };

type Question = { database: string; principal: Principal; config: MaskingConfig };

/**
 * Every column of a database as a principal would see it: each relation is read whole through the analysis that
 * brokers use, so views, partitions and unmasking policies count exactly as they do there.
 * @throws AppError "not_found" for a database without a catalog
 */
export async function readMaskedCatalog({ database, principal, config }: Question): Promise<MaskedCatalog> {
  const catalog = await readStoredCatalog(database);
  if (catalog === null) throw new AppError("not_found", `the catalog of ${database} has not been read`);
  const relations = catalog.relations.filter(({ kind }) => relationKinds.has(kind));
  const known = new Set(relations.map(({ oid }) => oid));
  const tables = await withActiveAnalysis((analysis) =>
    Promise.all(relations.map((relation) => tableRow({ analysis, database, principal, config, relation, known }))),
  );
  tables.sort((a, b) => a.schema.localeCompare(b.schema) || a.name.localeCompare(b.name));
  const columns = tables.flatMap((table) => table.columns);
  return { tables, coverage: maskingCoverage(columns.map(({ labels, rule }) => ({ labels, masked: rule !== null }))) };
}

type TableQuestion = Question & { analysis: AnalysisThread; relation: CatalogRelation; known: Set<number> };

async function tableRow({ analysis, database, principal, config, relation, known }: TableQuestion): Promise<TableRow> {
  const name = `${quoteSqlIdent(relation.schema)}.${quoteSqlIdent(relation.name)}`;
  const input = previewInput({ principal, database, sql: `SELECT * FROM ${name}`, at: new Date() });
  const plan = await analysis.analyze(input);
  const rules = new Map(plan.statements.flatMap(({ masked }) => masked.map(({ column, rule }) => [column, rule])));
  return {
    schema: relation.schema,
    name: relation.name,
    kind: kindOf(relation, known),
    problem: plan.refusal?.message ?? null,
    columns: relation.columns.map((column): ColumnRow => {
      const id = columnId(database, relation, column.name);
      const rule = rules.get(id) ?? null;
      const mask = rule === null ? null : (config.rules.find((one) => one.id === rule)?.mask ?? redact);
      return {
        name: column.name,
        type: column.type,
        labels: [...labelsOf(config, id)],
        rule,
        mask: mask && maskText(mask),
        preview: mask && previewMask(mask, column.baseType ?? column.type),
      };
    }),
  };
}

function kindOf({ kind, parents }: CatalogRelation, known: Set<number>): TableRow["kind"] {
  if (kind === "v" || kind === "m") return "view";
  if (kind === "f") return "foreign table";
  return parents.some((oid) => known.has(oid)) ? "partition" : "table";
}

import type { CompiledAnalysis } from "@/lib/analysis";
import { masksOf } from "@/lib/analysis-masks";
import type { ConnectInput, MaskedColumn } from "@/lib/analysis-types";
import { columnId } from "@/lib/sql/catalog-index";

/**
 * Every column of a database that is masked for a principal in a plain SELECT, views and partitions included, with the
 * rule that masks it. Policies that look at the statement itself can differ for others. Needs the parser, as views do.
 */
export function masksInForce(compiled: CompiledAnalysis, input: ConnectInput): MaskedColumn[] {
  const database = compiled.databases.get(input.database);
  const index = database?.index ?? null;
  if (database === undefined || index === null) return [];
  const asked = {
    ...input,
    database: { name: input.database, labels: database.labels },
    statement: { kind: "select", fingerprint: "", statementsInBatch: 1, tables: [], sensitivity: [] },
    asks: [],
    waived: [],
  };
  const masks = masksOf(compiled.masks, { bundle: compiled.bundle, index, asked, overlaid: false });
  return index.catalog.relations.flatMap((relation) =>
    [...(masks.masksFor(relation.oid) ?? [])].map(([name, { rule, mask }]) => ({
      column: columnId(index.databaseName, relation, name),
      rule,
      mask,
    })),
  );
}

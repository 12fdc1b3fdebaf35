import type { MaskingRules } from "@/components/masking/masking-rows";
import { isSensitive } from "@/lib/masking/coverage";
import { labelsOf } from "@/lib/masking/labels";
import { masksForRelation } from "@/lib/masking/masks";
import { previewMask } from "@/lib/masking/preview";
import type { MaskingConfig } from "@/lib/masking/types";
import { noMasking, readMaskingFile } from "@/lib/policy/masking-file";
import type { BundleFault } from "@/lib/policy/types";
import type { Catalog } from "@/lib/sql/catalog";
import { columnId } from "@/lib/sql/catalog-index";
import { readActiveBundle } from "@/lib/store/bundles";
import { readStoredCatalog } from "@/lib/store/catalogs";
import { listGroups } from "@/lib/store/groups";
import { maskText } from "./mask-words";

export type ActiveMasking = { version: number | null; config: MaskingConfig; faults: BundleFault[] };

/** What the bundle in force says about columns. */
export async function readActiveMasking(): Promise<ActiveMasking> {
  const [bundle, groups] = await Promise.all([readActiveBundle(), listGroups()]);
  const text = bundle?.files["masking.yaml"];
  if (text === undefined) return { version: bundle?.version ?? null, config: noMasking, faults: [] };
  const names = new Set(groups.map(({ name }) => name));
  return { version: bundle?.version ?? null, ...readMaskingFile({ file: "masking.yaml", text, groups: names }) };
}

/** Labels and rules in order, with how many columns of one database each speaks of. */
export async function readMaskingRules(config: MaskingConfig, database: string | null): Promise<MaskingRules> {
  const catalog = database === null ? null : await readStoredCatalog(database);
  const { byLabel, byRule } = countColumns(config, database ?? "", catalog);
  return {
    labels: config.labels.map(({ id, columns }) => ({
      id,
      patterns: columns,
      columns: byLabel.get(id) ?? 0,
      sensitive: isSensitive([id]),
    })),
    rules: config.rules.map((rule) => ({
      id: rule.id,
      matches: "label" in rule.match ? [rule.match.label] : rule.match.columns,
      byLabel: "label" in rule.match,
      mask: maskText(rule.mask),
      predicates: rule.predicates,
      nulls: rule.nulls,
      unmaskGroups: rule.unmaskGroups,
      columns: byRule.get(rule.id)?.count ?? 0,
      preview: previewMask(rule.mask, byRule.get(rule.id)?.type ?? "text"),
    })),
    unlabelled: config.unlabelled,
    newColumns: config.newColumns,
  };
}

function countColumns(config: MaskingConfig, database: string, catalog: Catalog | null) {
  const byLabel = new Map<string, number>();
  const byRule = new Map<string, { count: number; type: string }>();
  for (const relation of catalog?.relations ?? []) {
    const masks = masksForRelation({ config, database, relation, groups: [], unmasked: new Set() });
    for (const column of relation.columns) {
      const labels = labelsOf(config, columnId(database, relation, column.name));
      for (const label of labels) byLabel.set(label, (byLabel.get(label) ?? 0) + 1);
      const rule = masks.get(column.name)?.rule;
      if (rule === undefined) continue;
      const known = byRule.get(rule);
      byRule.set(rule, { count: (known?.count ?? 0) + 1, type: known?.type ?? column.baseType ?? column.type });
    }
  }
  return { byLabel, byRule };
}

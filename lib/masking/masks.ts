import type { CatalogRelation } from "@/lib/sql/catalog";
import { columnId } from "@/lib/sql/catalog-index";
import { labelsOf } from "./labels";
import { indexPatterns, matchPatterns, type PatternIndex } from "./pattern";
import type { ColumnMask, MaskingConfig, MaskingRule, RelationMasks } from "./types";

export type MasksInput = {
  config: MaskingConfig;
  /** registered name */
  database: string;
  relation: CatalogRelation;
  /** of the principal */
  groups: readonly string[];
  /** ids of columns that a policy or a grant unmasks */
  unmasked: ReadonlySet<string>;
  /** ids of columns that a policy forbids to unmask: they stay masked whatever a rule's groups or a grant say */
  forbidden?: ReadonlySet<string>;
};

/** Rules that apply to columns without a label, by what the configuration says of them. */
export const unlabelledRuleId = "default.unlabelled";
export const newColumnRuleId = "default.new";

type CompiledRules = { byLabel: Map<string, number>; byPattern: PatternIndex<number> };
const compiled = new WeakMap<MaskingConfig, CompiledRules>();

/** What the configuration's first fitting rule does to each column of a relation, for one principal. */
export function masksForRelation(input: MasksInput): RelationMasks {
  const { config, database, relation, unmasked } = input;
  const masks: RelationMasks = new Map();
  const unlabelled: string[] = [];
  let ruled = false;
  for (const column of relation.columns) {
    const id = columnId(database, relation, column.name);
    const labels = labelsOf(config, id);
    const rule = firstRule(config, id, labels);
    ruled ||= rule !== undefined;
    if (labels.length === 0 && rule === undefined) unlabelled.push(column.name);
    if (rule === undefined) continue;
    const released = unmasked.has(id) || rule.unmaskGroups.some((group) => input.groups.includes(group));
    if (released && !input.forbidden?.has(id)) continue;
    masks.set(column.name, toMask(rule, labels));
  }
  const blanket = config.unlabelled === "mask" ? unlabelledRuleId : newColumnRuleId;
  if (config.unlabelled === "mask" || (config.newColumns === "mask" && ruled)) {
    for (const name of unlabelled) {
      if (!unmasked.has(columnId(database, relation, name))) masks.set(name, redactedBy(blanket));
    }
  }
  return masks;
}

/** The mask of a column that no rule of its own speaks of. */
export function redactedBy(rule: string): ColumnMask {
  return { rule, label: null, mask: { kind: "redact" }, predicates: "mask", nulls: "keep" };
}

function toMask(rule: MaskingRule, labels: readonly string[]): ColumnMask {
  const label = "label" in rule.match ? rule.match.label : (labels[0] ?? null);
  return { rule: rule.id, label, mask: rule.mask, predicates: rule.predicates, nulls: rule.nulls };
}

function firstRule(config: MaskingConfig, id: string, labels: readonly string[]): MaskingRule | undefined {
  let rules = compiled.get(config);
  if (rules === undefined) {
    rules = compileRules(config);
    compiled.set(config, rules);
  }
  const candidates = matchPatterns(rules.byPattern, id);
  for (const label of labels) {
    const order = rules.byLabel.get(label);
    if (order !== undefined) candidates.push(order);
  }
  return candidates.length === 0 ? undefined : config.rules[Math.min(...candidates)];
}

function compileRules(config: MaskingConfig): CompiledRules {
  const byLabel = new Map<string, number>();
  const pairs: { pattern: string; value: number }[] = [];
  config.rules.forEach((rule, order) => {
    if ("columns" in rule.match) pairs.push(...rule.match.columns.map((pattern) => ({ pattern, value: order })));
    else if (!byLabel.has(rule.match.label)) byLabel.set(rule.match.label, order);
  });
  return { byLabel, byPattern: indexPatterns(pairs) };
}

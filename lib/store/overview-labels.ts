import { labelsOf } from "@/lib/masking/labels";
import type { MaskingConfig } from "@/lib/masking/types";

/** Statements that touched a label: with every column of it masked, or with at least one in clear. */
export type LabelReads = { label: string; masked: number; clear: number };

/** Statements of one shape: the columns that they touched, those that were masked, and how many there were. */
export type ReadShape = { columns: string[]; masked: string[]; count: number };

/**
 * Adds statements up by label; labels with reads in clear first, then by number. Only labels that a rule hides are
 * told: of the others everybody may read everything.
 */
export function readsByLabel(config: MaskingConfig, shapes: ReadShape[]): LabelReads[] {
  const reads = new Map<string, LabelReads>();
  const sensitive = new Set(config.rules.flatMap(({ match }) => ("label" in match ? [match.label] : [])));
  for (const { columns, masked, count } of shapes) {
    const hidden = new Set(masked);
    const clear = new Map<string, boolean>();
    for (const column of new Set([...columns, ...masked])) {
      for (const label of labelsOf(config, column)) {
        if (!sensitive.has(label)) continue;
        clear.set(label, (clear.get(label) ?? false) || !hidden.has(column));
      }
    }
    for (const [label, isClear] of clear) {
      const entry = reads.get(label) ?? { label, masked: 0, clear: 0 };
      if (isClear) entry.clear += count;
      else entry.masked += count;
      reads.set(label, entry);
    }
  }
  return [...reads.values()].sort((a, b) => b.clear - a.clear || b.masked - a.masked || a.label.localeCompare(b.label));
}

import { indexPatterns, matchPatterns } from "./pattern";
import type { MaskingConfig } from "./types";

type LabelReader = (columnId: string) => readonly string[];

const readers = new WeakMap<MaskingConfig, LabelReader>();
/** Ids remembered per configuration, enough for a large catalog. */
const columnsRememberedMax = 200_000;

/** Labels of a column, in the order the configuration defines them. Remembered per configuration object. */
export function labelsOf(config: MaskingConfig, columnId: string): readonly string[] {
  let reader = readers.get(config);
  if (reader === undefined) {
    reader = compileLabels(config);
    readers.set(config, reader);
  }
  return reader(columnId);
}

function compileLabels(config: MaskingConfig): LabelReader {
  const pairs = config.labels.flatMap((label) => label.columns.map((pattern) => ({ pattern, value: label.id })));
  const index = indexPatterns(pairs);
  const remembered = new Map<string, readonly string[]>();
  return (columnId) => {
    const known = remembered.get(columnId);
    if (known !== undefined) return known;
    const labels = [...new Set(matchPatterns(index, columnId))];
    if (remembered.size < columnsRememberedMax) remembered.set(columnId, labels);
    return labels;
  };
}

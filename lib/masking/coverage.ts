/** What a figure of coverage needs to know of a column. */
export type CoveredColumn = { labels: readonly string[]; masked: boolean };

/**
 * Columns of a database by what is known and done about them. `sensitive` have a label other than `public` (or
 * `public.…`), which says that somebody looked and found them harmless; a column without a label nobody has judged.
 */
export type MaskingCoverage = {
  columns: number;
  sensitive: number;
  sensitiveMasked: number;
  harmless: number;
  unlabelled: number;
  unlabelledMasked: number;
};

const harmless = /^public(\.|$)/;

export function maskingCoverage(columns: Iterable<CoveredColumn>): MaskingCoverage {
  const sum = { columns: 0, sensitive: 0, sensitiveMasked: 0, harmless: 0, unlabelled: 0, unlabelledMasked: 0 };
  for (const { labels, masked } of columns) {
    sum.columns += 1;
    if (labels.length === 0) {
      sum.unlabelled += 1;
      if (masked) sum.unlabelledMasked += 1;
    } else if (isSensitive(labels)) {
      sum.sensitive += 1;
      if (masked) sum.sensitiveMasked += 1;
    } else sum.harmless += 1;
  }
  return sum;
}

/** Whether any of a column's labels says more than that it is harmless. */
export function isSensitive(labels: readonly string[]): boolean {
  return labels.some((label) => !harmless.test(label));
}

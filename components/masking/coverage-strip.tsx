import { formatCount } from "@/components/ui/format-time";
import { Skeleton } from "@/components/ui/skeleton";
import type { MaskingCoverage } from "@/lib/masking/coverage";

/** How much of what is sensitive is masked for the principal, and exactly what was counted. */
export function CoverageStrip({ coverage, as }: { coverage: MaskingCoverage | undefined; as: string }) {
  if (coverage === undefined) return <Skeleton className="mx-6 mb-3 h-9 w-96" />;
  const { sensitive, sensitiveMasked, harmless, unlabelled, unlabelledMasked } = coverage;
  const share = sensitive === 0 ? 0 : sensitiveMasked / sensitive;
  const whom = as === "" ? "an agent in no group" : as;
  return (
    <section aria-label="Coverage" className="flex flex-wrap items-center gap-x-8 gap-y-2 px-6 pb-3 text-sm">
      <div className="flex items-center gap-3">
        <span className="numeric text-2xl font-semibold">{Math.floor(share * 100)} %</span>
        <div>
          <p>
            {formatCount(sensitiveMasked)} of {formatCount(sensitive)} sensitive columns are masked for {whom}
          </p>
          <div className="mt-1 h-1.5 w-64 overflow-hidden rounded-full bg-sunken" aria-hidden>
            <div className="h-full rounded-full bg-masked" style={{ width: `${share * 100}%` }} />
          </div>
        </div>
      </div>
      <p className="max-w-xl text-xs text-ink-muted">
        Sensitive: every label but <code>public</code>. Besides, {formatCount(harmless)} columns were judged harmless,
        and {formatCount(unlabelled)} have no label
        {unlabelledMasked > 0
          ? `, of which ${formatCount(unlabelledMasked)} are masked until somebody judges them`
          : ""}
        . Views and partitions count as well.
      </p>
    </section>
  );
}

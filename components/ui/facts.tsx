import { clsx } from "clsx";
import type { ReactNode } from "react";

export type Fact = { label: ReactNode; value: ReactNode; wide?: boolean };

type FactsProps = {
  /** Facts without a value (null, undefined, "") are left out. */
  facts: Fact[];
  /** rows: label left, value right; grid: label above value in columns. */
  layout?: "rows" | "grid";
  className?: string;
};

/** Labelled facts as a description list. */
export function Facts({ facts, layout = "rows", className }: FactsProps) {
  const present = facts.filter((fact) => fact.value !== null && fact.value !== undefined && fact.value !== "");
  return (
    <dl
      className={clsx(
        layout === "rows"
          ? "grid grid-cols-[minmax(6.5rem,auto)_1fr] gap-x-4 gap-y-1.5"
          : "grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-3",
        className,
      )}
    >
      {present.map((fact, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list; labels may be elements
          key={index}
          className={clsx(
            layout === "rows" ? "contents" : "min-w-0",
            layout === "grid" && fact.wide && "col-span-full",
          )}
        >
          <dt className={clsx("text-xs text-ink-faint", layout === "rows" && "pt-0.5")}>{fact.label}</dt>
          <dd className="min-w-0 text-sm wrap-anywhere">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

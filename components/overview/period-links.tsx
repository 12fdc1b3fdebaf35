import { clsx } from "clsx";
import Link from "next/link";
import { periods } from "./periods";

/** The period of the numbers, as links: the address names it. */
export function PeriodLinks({ period }: { period: string }) {
  return (
    <nav
      aria-label="Period"
      className="inline-flex h-8 items-center rounded-md border border-line-strong/70 bg-surface p-0.5"
    >
      {periods.map((each) => (
        <Link
          key={each.id}
          href={`/?period=${each.id}`}
          replace
          scroll={false}
          aria-current={each.id === period ? "true" : undefined}
          className={clsx(
            "inline-flex h-6.5 items-center rounded-sm px-2.5 text-xs font-medium",
            each.id === period ? "bg-selected text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
          )}
        >
          {each.label}
        </Link>
      ))}
    </nav>
  );
}

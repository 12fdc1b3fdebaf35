import { clsx } from "clsx";

/** Two ticks, one behind the other: signed, and countersigned. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={clsx("shrink-0", className)} aria-hidden="true">
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <g fill="none" strokeWidth="2.8" strokeLinecap="round" strokeLinejoin="round" className="stroke-accent-ink">
        <path d="M7 17.2l4.6 4.6L19.4 10" />
        <path d="M15.6 20.6l1.9 1.9L25 11.2" opacity=".62" />
      </g>
    </svg>
  );
}

export function Wordmark({ compact }: { compact?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2">
      <Mark className="size-6" />
      <span className={clsx("text-[0.9375rem] font-semibold tracking-[-0.015em]", compact && "max-md:sr-only")}>
        Countersign
      </span>
    </span>
  );
}

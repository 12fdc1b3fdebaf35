import { clsx } from "clsx";
import type { ReactNode } from "react";

type PageHeaderProps = {
  title: ReactNode;
  /** What the page answers, in a few words. */
  description?: ReactNode;
  /** Beside the title: a state, a count. */
  badge?: ReactNode;
  actions?: ReactNode;
  /** LinkTabs, directly under the header. */
  tabs?: ReactNode;
};

/** The head of every page: one h1, what the page is for, what one can do. */
export function PageHeader({ title, description, badge, actions, tabs }: PageHeaderProps) {
  return (
    <header className={clsx("px-6 pt-5", tabs ? "pb-0" : "pb-4")}>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex items-center gap-2.5">
            <h1 className="truncate text-xl font-semibold tracking-[-0.01em]">{title}</h1>
            {badge}
          </div>
          {description ? <p className="mt-0.5 text-sm text-ink-muted">{description}</p> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
      {tabs ? <div className="mt-3">{tabs}</div> : null}
    </header>
  );
}

type SectionProps = {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** No padding inside: for tables that reach the edges. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
};

/** A bordered part of a page with an h2. */
export function Section({ title, description, actions, flush, className, children }: SectionProps) {
  return (
    <section className={clsx("min-w-0 rounded-md border border-line bg-surface", className)}>
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">{title}</h2>
          {description ? <p className="text-xs text-ink-muted">{description}</p> : null}
        </div>
        {actions ? <div className="flex items-center gap-2">{actions}</div> : null}
      </header>
      <div className={flush ? undefined : "p-4"}>{children}</div>
    </section>
  );
}

import { clsx } from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";

const listClass = "flex items-center gap-4 border-b border-line";
const tabClass =
  "-mb-px inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent text-sm font-medium text-ink-muted transition-colors duration-100 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink";

export type LinkTab = { href: string; label: ReactNode; count?: number; active: boolean };

/** Tabs that are links: each has its own address. */
export function LinkTabs({ label, tabs, className }: { label: string; tabs: LinkTab[]; className?: string }) {
  return (
    <nav aria-label={label} className={clsx(listClass, className)}>
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          scroll={false}
          aria-current={tab.active ? "page" : undefined}
          data-state={tab.active ? "active" : "inactive"}
          className={tabClass}
        >
          {tab.label}
          {tab.count === undefined ? null : <span className="numeric text-xs text-ink-faint">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

"use client";

import { clsx } from "clsx";
import Link from "next/link";
import { Tabs as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";

const listClass = "flex items-center gap-4 border-b border-line";
const tabClass =
  "-mb-px inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent text-sm font-medium text-ink-muted transition-colors duration-100 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink";

/**
 * Tabs inside a page. `<Tabs defaultValue="a"><TabList><Tab value="a">A</Tab></TabList><TabPanel value="a">…`.
 * When the tab is part of the address (most of the time), use LinkTabs.
 */
export function Tabs({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return <Primitive.Root className={className} {...props} />;
}

export function TabList({ className, ...props }: ComponentProps<typeof Primitive.List>) {
  return <Primitive.List className={clsx(listClass, className)} {...props} />;
}

export function Tab({ className, ...props }: ComponentProps<typeof Primitive.Trigger>) {
  return <Primitive.Trigger className={clsx(tabClass, className)} {...props} />;
}

export function TabPanel({ className, ...props }: ComponentProps<typeof Primitive.Content>) {
  return <Primitive.Content className={className} {...props} />;
}

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

"use client";

import { clsx } from "clsx";
import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { Tooltip } from "@/components/ui/tooltip";
import { activeItem, type NavigationItem, navigationFor } from "./navigation";
import type { ShellState } from "./shell-state";
import { useViewer } from "./viewer";
import { Wordmark } from "./wordmark";

/** The pages, with counts. Below 60 rem only the icons remain. */
export function Sidebar({ state }: { state: ShellState }) {
  const active = activeItem(usePathname());
  const { permissions } = useViewer();
  return (
    <div className="flex w-52 shrink-0 flex-col border-r border-line bg-surface max-md:w-14">
      <Link
        href="/"
        className="flex h-12 shrink-0 items-center px-4 outline-offset-[-2px] max-md:justify-center max-md:px-0"
      >
        <Wordmark compact />
      </Link>
      <nav aria-label="Pages" className="flex flex-1 flex-col gap-4 overflow-y-auto px-2 pt-2 pb-4">
        {navigationFor(permissions).map((group) => (
          <div key={group.label}>
            <p className="px-2 pb-1 text-2xs font-medium text-ink-faint max-md:sr-only">{group.label}</p>
            <ul className="flex flex-col gap-px">
              {group.items.map((item) => (
                <li key={item.href}>
                  <SidebarLink item={item} active={item === active} count={item.count ? state[item.count] : 0} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </div>
  );
}

function SidebarLink({ item, active, count }: { item: NavigationItem; active: boolean; count: number }) {
  // The page is fetched when the pointer or the focus reaches its link, not for every link of every page.
  const [wanted, setWanted] = useState(false);
  return (
    <Tooltip content={item.label} side="right" boxClassName="md:hidden">
      <Link
        href={item.href}
        prefetch={wanted}
        onPointerEnter={() => setWanted(true)}
        onFocus={() => setWanted(true)}
        aria-current={active ? "page" : undefined}
        className={clsx(
          "flex h-8 items-center gap-2.5 rounded-md px-2 text-sm transition-colors duration-100 max-md:relative max-md:justify-center",
          active ? "bg-selected font-medium text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
        )}
      >
        <LinkIcon icon={item.icon} active={active} />
        <span className="flex-1 truncate max-md:sr-only">{item.label}</span>
        <WaitingCount count={count} />
      </Link>
    </Tooltip>
  );
}

function WaitingCount({ count }: { count: number }) {
  return count === 0 ? null : (
    <span className="numeric inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-hold-soft px-1 text-2xs font-semibold text-hold max-md:absolute max-md:top-0 max-md:right-0">
      {count}
      <span className="sr-only"> waiting for you</span>
    </span>
  );
}

/** The page's icon; it breathes while a slow page is on its way. */
function LinkIcon({ icon: Icon, active }: { icon: NavigationItem["icon"]; active: boolean }) {
  const { pending } = useLinkStatus();
  return (
    <Icon
      className={clsx(
        "size-4 shrink-0",
        active || pending ? "text-accent" : "text-ink-faint",
        pending && "animate-pulse",
      )}
      aria-hidden
    />
  );
}

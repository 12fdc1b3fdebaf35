"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { navigationFor } from "./navigation";
import { type ShellState, useShellState } from "./shell-state";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";
import { useShortcuts } from "./use-shortcuts";
import { useViewer } from "./viewer";

// Both are fetched when first opened: no page carries them.
const CommandPalette = dynamic(() => import("./command-palette").then((module) => module.CommandPalette));
const ShortcutHelp = dynamic(() => import("./shortcut-help").then((module) => module.ShortcutHelp));

/**
 * The frame of every page: navigation left, bar on top, the page in a main that scrolls. A page that fills the height
 * (a list with a panel) uses `flex min-h-0 flex-1 flex-col` as its root.
 */
export function Shell({ initial, children }: { initial: ShellState; children: ReactNode }) {
  const router = useRouter();
  const { permissions } = useViewer();
  const state = useShellState(initial);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);

  useShortcuts("Anywhere", [
    { keys: ["?"], label: "Show shortcuts", run: () => setHelp(true) },
    { keys: ["/"], label: "Search", run: () => setPalette(true) },
  ]);
  useShortcuts(
    "Go to",
    navigationFor(permissions).flatMap((group) =>
      group.items.map((item) => ({ keys: ["g", item.key], label: item.label, run: () => router.push(item.href) })),
    ),
  );
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setPalette((open) => !open);
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  return (
    <div className="flex h-dvh overflow-hidden">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-60 focus:rounded-md focus:bg-accent focus:px-3 focus:py-1.5 focus:text-sm focus:text-accent-ink"
      >
        Skip to content
      </a>
      <Sidebar state={state} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar state={state} onSearch={() => setPalette(true)} onShowShortcuts={() => setHelp(true)} />
        <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col overflow-y-auto outline-none">
          {children}
        </main>
      </div>
      {palette ? <CommandPalette open onOpenChange={setPalette} /> : null}
      {help ? <ShortcutHelp open onOpenChange={setHelp} /> : null}
    </div>
  );
}

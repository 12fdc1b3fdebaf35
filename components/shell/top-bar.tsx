"use client";

import { MoonStar, Search, Sun } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Tooltip } from "@/components/ui/tooltip";
import { LogIndicator } from "./log-indicator";
import { PersonMenu } from "./person-menu";
import type { ShellState } from "./shell-state";
import { isDark, setTheme, useTheme } from "./theme";

type TopBarProps = { state: ShellState; onSearch: () => void; onShowShortcuts: () => void };

/** Search, the log's state, theme and person: the same on every page. */
export function TopBar({ state, onSearch, onShowShortcuts }: TopBarProps) {
  const theme = useTheme();
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-4">
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 w-full max-w-sm items-center gap-2 rounded-md border border-line bg-canvas px-2.5 text-sm text-ink-faint transition-colors duration-100 hover:border-line-strong"
      >
        <Search className="size-4" aria-hidden />
        <span className="flex-1 truncate text-left">Search or jump to…</span>
        <Kbd keys={["⌘", "K"]} className="max-sm:hidden" />
      </button>
      <div className="flex-1" />
      <LogIndicator log={state.log} />
      <Tooltip content="Switch between light and dark" side="bottom">
        <Button
          variant="quiet"
          size="icon"
          aria-label="Switch between light and dark"
          onClick={() => setTheme(isDark(theme) ? "light" : "dark")}
        >
          <MoonStar className="dark:hidden" aria-hidden />
          <Sun className="hidden dark:block" aria-hidden />
        </Button>
      </Tooltip>
      <PersonMenu onShowShortcuts={onShowShortcuts} />
    </header>
  );
}

"use client";

import { Keyboard, LogOut } from "lucide-react";
import { Button } from "@/components/ui/button";
import { DropdownMenu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/dropdown-menu";
import { signOut } from "./sign-out";
import { setTheme, useTheme } from "./theme";
import type { Theme } from "./theme-cookie";
import { useViewer } from "./viewer";

const themes = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Who is signed in, with which role; theme, shortcuts, sign-out. */
export function PersonMenu({ onShowShortcuts }: { onShowShortcuts: () => void }) {
  const viewer = useViewer();
  const theme = useTheme();
  return (
    <DropdownMenu
      trigger={
        <Button variant="quiet" size="icon" aria-label={`${initials(viewer.name)}: signed in as ${viewer.name}`}>
          <span
            aria-hidden
            className="inline-flex size-6 items-center justify-center rounded-full bg-accent-soft text-2xs font-semibold text-accent"
          >
            {initials(viewer.name)}
          </span>
        </Button>
      }
    >
      <div className="max-w-64 px-2 py-1.5 text-sm">
        <p className="truncate font-medium">{viewer.name}</p>
        <p className="truncate text-xs text-ink-muted">{viewer.email}</p>
        <p className="mt-1 text-xs text-ink-faint">{[viewer.role, ...viewer.groups].join(" · ")}</p>
      </div>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice value={theme} onValueChange={(value) => setTheme(value as Theme)} options={themes} />
      <MenuSeparator />
      <MenuItem onSelect={onShowShortcuts}>
        <Keyboard aria-hidden /> Keyboard shortcuts
      </MenuItem>
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden /> Sign out
      </MenuItem>
    </DropdownMenu>
  );
}

/** "Dana Weiss" → "DW". */
function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? (words.at(-1)?.[0] ?? "") : "")).toUpperCase();
}

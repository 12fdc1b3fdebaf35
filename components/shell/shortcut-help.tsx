"use client";

import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { Switch } from "@/components/ui/switch";
import { useRegisteredShortcuts, useShortcutsEnabled } from "./use-shortcuts";

/** Every shortcut that works on the page, and the switch for single keys. */
export function ShortcutHelp({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const groups = useRegisteredShortcuts();
  const [enabled, setEnabled] = useShortcutsEnabled();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" width="md">
      <div className="flex flex-col gap-5">
        <label className="flex items-center justify-between gap-4 text-sm" htmlFor="single-keys">
          <span>
            Single-key shortcuts
            <span className="block text-xs text-ink-muted">Off: only ⌘K or Ctrl K remains.</span>
          </span>
          <Switch id="single-keys" checked={enabled} onCheckedChange={setEnabled} />
        </label>
        <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
          {groups.map((group) => (
            <section key={group.group}>
              <h3 className="overline-label mb-1">{group.group}</h3>
              <ul>
                {group.shortcuts.map((shortcut) => (
                  <li key={shortcut.label} className="flex min-h-7 items-center justify-between gap-4 text-sm">
                    {shortcut.label} <Kbd keys={shortcut.keys} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      </div>
    </Dialog>
  );
}

"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";

type SidePanelProps = {
  /** Names the region for screen readers. */
  label: string;
  title: ReactNode;
  actions?: ReactNode;
  onClose: () => void;
  children: ReactNode;
};

/**
 * The details of a list's selected row, beside the list: the list stays usable and keeps the keyboard.
 * Place it after the list in a flex row; below 72 rem it covers the list's right part. Esc closes it.
 */
export function SidePanel({ label, title, actions, onClose, children }: SidePanelProps) {
  return (
    <aside
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
      className="absolute inset-y-0 right-0 z-20 flex w-full max-w-[30rem] shrink-0 flex-col border-l border-line bg-surface lg:static lg:w-[25rem] xl:w-[30rem] 2xl:w-[34rem] 2xl:max-w-none"
    >
      <header className="flex min-h-11 items-center gap-2 border-b border-line py-1.5 pr-2 pl-4">
        <div className="min-w-0 flex-1">{title}</div>
        {actions}
        <Button variant="quiet" size="icon" aria-label="Close details" onClick={onClose}>
          <X aria-hidden />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    </aside>
  );
}

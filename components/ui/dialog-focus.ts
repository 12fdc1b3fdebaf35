"use client";

import { useRef } from "react";

const controls = "input:enabled, textarea:enabled, select:enabled, button:enabled, a[href]";

/**
 * Where the focus goes when a dialog opens, and back to when it closes. Opening, it skips the header, whose only control
 * closes the dialog. Closing, Radix returns it to a trigger, and dialogs that are opened by state have none.
 */
export function useDialogFocus() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus(event: Event): void {
      before.current = document.activeElement;
      const content = event.currentTarget as HTMLElement;
      const first = [...content.querySelectorAll<HTMLElement>(controls)].find((control) => !control.closest("header"));
      if (first === undefined) return;
      event.preventDefault();
      first.focus();
    },
    onCloseAutoFocus(event: Event): void {
      event.preventDefault();
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    },
  };
}

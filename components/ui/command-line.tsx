"use client";

import { CopyButton } from "./copyable";

/** A command to run in a terminal, with a button that copies it. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div className="flex max-w-full items-center gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-3 text-left">
      <code className="min-w-0 flex-1 text-xs wrap-anywhere whitespace-pre-wrap">{command}</code>
      <CopyButton value={command} label="Copy command" />
    </div>
  );
}

"use client";

import { clsx } from "clsx";
import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "./button";

const copiedShownMs = 1500;

function useCopy(value: string): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), copiedShownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return {
    copied,
    copy: () => {
      navigator.clipboard.writeText(value).then(
        () => setCopied(true),
        () => setCopied(false),
      );
    },
  };
}

/** An icon button that copies `value`. */
export function CopyButton({ value, label = "Copy" }: { value: string; label?: string }) {
  const { copied, copy } = useCopy(value);
  return (
    <Button variant="quiet" size="icon-sm" aria-label={label} title={label} onClick={copy}>
      {copied ? <Check className="text-allow" aria-hidden /> : <Copy aria-hidden />}
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </Button>
  );
}

type CopyableProps = {
  /** What is copied. */
  value: string;
  /** What is shown; by default the value. */
  children?: ReactNode;
  className?: string;
};

/** An identifier that a click copies. Shown in the monospace face. */
export function Copyable({ value, children, className }: CopyableProps) {
  const { copied, copy } = useCopy(value);
  return (
    <button
      type="button"
      onClick={copy}
      title={`Copy ${value}`}
      className={clsx(
        "group/copy inline-flex min-h-6 max-w-full items-center gap-1 rounded-sm font-mono text-xs hover:text-accent",
        className,
      )}
    >
      <span className="truncate">{children ?? value}</span>
      {copied ? (
        <Check className="size-3 shrink-0 text-allow" aria-hidden />
      ) : (
        <Copy
          className="size-3 shrink-0 opacity-0 group-hover/copy:opacity-60 group-focus-visible/copy:opacity-60"
          aria-hidden
        />
      )}
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </button>
  );
}

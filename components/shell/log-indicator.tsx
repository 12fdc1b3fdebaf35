"use client";

import { clsx } from "clsx";
import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import Link from "next/link";
import { useNow } from "@/components/ui/clock";
import { formatCount, formatRelative, formatUtc } from "@/components/ui/format-time";
import { Tooltip } from "@/components/ui/tooltip";
import type { LogState } from "@/lib/audit/log-state";
import { useMay } from "./viewer";

const looks = {
  verified: { icon: ShieldCheck, className: "text-allow" },
  behind: { icon: ShieldQuestion, className: "text-hold" },
  alarm: { icon: ShieldAlert, className: "text-deny" },
  empty: { icon: ShieldQuestion, className: "text-ink-faint" },
};

/** Whether the record is complete and unaltered, and since when that is known. */
export function LogIndicator({ log }: { log: LogState }) {
  const now = useNow();
  const mayRead = useMay("audit.read");
  const look = looks[log.status];
  const Icon = look.icon;
  const at = log.verifiedAt === null ? null : Date.parse(log.verifiedAt);
  const words = (
    <>
      <Icon className={clsx("size-4", look.className)} aria-hidden />
      <span className="max-sm:sr-only" suppressHydrationWarning>
        {headline(log, at, now)}
      </span>
    </>
  );
  const box = "inline-flex h-8 items-center gap-1.5 rounded-md px-2 text-xs text-ink-muted";
  if (!mayRead) return <span className={box}>{words}</span>;
  return (
    <Tooltip side="bottom" content={describe(log, at)}>
      <Link href="/audit" className={clsx(box, "hover:bg-hover hover:text-ink")}>
        {words}
      </Link>
    </Tooltip>
  );
}

function headline(log: LogState, at: number | null, now: number): string {
  switch (log.status) {
    case "verified":
      return at === null ? "Log verified" : `Log verified ${formatRelative(at, now)}`;
    case "behind":
      return at === null ? "Log not signed yet" : `Log last verified ${formatRelative(at, now)}`;
    case "alarm":
      return "Log alarm";
    case "empty":
      return "Log is empty";
  }
}

function describe(log: LogState, at: number | null): string {
  if (log.message !== null) return log.message;
  const size = `${formatCount(BigInt(log.size))} events`;
  return at === null ? `${size}, no signed head yet` : `${size}, head signed ${formatUtc(at)}`;
}

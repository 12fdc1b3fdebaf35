"use client";

import { clsx } from "clsx";
import { useNow } from "./clock";
import { formatClock, formatRelative, formatUtc } from "./format-time";

type RelativeTimeProps = {
  /** ISO 8601 or epoch milliseconds. */
  at: string | number;
  /** relative: "3 min ago"; clock: "15:31:04" UTC. Both show the exact UTC on hover. */
  display?: "relative" | "clock";
  className?: string;
};

/** When something happened or will. */
export function RelativeTime({ at, display = "relative", className }: RelativeTimeProps) {
  const now = useNow();
  const time = typeof at === "number" ? at : Date.parse(at);
  if (Number.isNaN(time)) return null;
  return (
    <time
      dateTime={new Date(time).toISOString()}
      title={formatUtc(time)}
      className={clsx("numeric whitespace-nowrap", className)}
      suppressHydrationWarning
    >
      {display === "clock" ? formatClock(time) : formatRelative(time, now)}
    </time>
  );
}

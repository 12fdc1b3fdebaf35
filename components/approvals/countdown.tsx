"use client";

import { clsx } from "clsx";
import { useNow } from "@/components/ui/clock";
import { formatUtc } from "@/components/ui/format-time";

const soonMs = 5 * 60_000;

/** How long a request still lives. */
export function Countdown({ until, className }: { until: string; className?: string }) {
  const now = useNow();
  const at = Date.parse(until);
  const left = at - now;
  return (
    <time
      dateTime={until}
      title={formatUtc(at)}
      className={clsx("numeric whitespace-nowrap", left < soonMs && "font-medium text-hold", className)}
      suppressHydrationWarning
    >
      {left <= 0 ? "expired" : `${formatLeft(left)} left`}
    </time>
  );
}

function formatLeft(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

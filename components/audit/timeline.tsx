"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { requestJson } from "@/components/shell/request-json";
import { PrincipalName } from "@/components/statements/principal-name";
import { Callout } from "@/components/ui/callout";
import { formatClock, formatDuration } from "@/components/ui/format-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { LogEvent } from "./audit-types";
import { EventSummary } from "./event-summary";

export type TimelineSubject = { request: string } | { entry: string };

type TimelineProps = { of: TimelineSubject; selected: string | null; onSelect: (event: LogEvent) => void };

/** The story of one request or one statement, from its first event to its last, with the time between. */
export function Timeline({ of, selected, onSelect }: TimelineProps) {
  const { data, error } = useQuery({
    queryKey: ["timeline", of],
    queryFn: ({ signal }) =>
      requestJson<{ events: LogEvent[] }>(`/api/audit/timeline?${new URLSearchParams(of)}`, { signal }),
  });
  if (error) {
    return (
      <Callout tone="deny" className="m-6">
        {error.message}
      </Callout>
    );
  }
  if (data === undefined) return <SkeletonRows rows={6} />;
  return (
    <ol className="px-6 py-4">
      {data.events.map((event, index) => (
        <TimelineEvent
          key={event.position}
          event={event}
          sinceMs={index === 0 ? null : Date.parse(event.at) - Date.parse(data.events[index - 1]?.at ?? event.at)}
          last={index === data.events.length - 1}
          selected={event.position === selected}
          onSelect={onSelect}
        />
      ))}
    </ol>
  );
}

type TimelineEventProps = {
  event: LogEvent;
  sinceMs: number | null;
  last: boolean;
  selected: boolean;
  onSelect: (event: LogEvent) => void;
};

const dots: Record<string, string> = {
  "approval.approved": "bg-allow",
  "approval.denied": "bg-deny-solid",
  "statement.refused": "bg-deny-solid",
  "statement.held": "bg-hold-solid",
  "approval.opened": "bg-hold-solid",
};

function TimelineEvent({ event, sinceMs, last, selected, onSelect }: TimelineEventProps) {
  return (
    <li className="flex gap-3">
      <span className="numeric w-20 shrink-0 pt-1.5 text-right text-xs text-ink-faint">
        {sinceMs === null ? formatClock(Date.parse(event.at)) : `+ ${formatDuration(Math.max(0, sinceMs))}`}
      </span>
      <span className="flex flex-col items-center" aria-hidden>
        <span className={clsx("mt-2.5 size-2 shrink-0 rounded-full", dots[event.kind] ?? "bg-line-strong")} />
        {last ? null : <span className="w-px flex-1 bg-line" />}
      </span>
      <button
        type="button"
        onClick={() => onSelect(event)}
        aria-pressed={selected}
        className={clsx(
          "mb-1 min-w-0 flex-1 rounded-md px-2 py-1 text-left text-sm",
          selected ? "bg-selected" : "hover:bg-hover",
        )}
      >
        <span className="flex items-baseline gap-2">
          {event.actor === null ? null : <PrincipalName principal={event.actor} className="font-medium" />}
          <span className="font-mono text-2xs text-ink-faint">{event.kind}</span>
        </span>
        <span className="block truncate text-ink-muted">
          <EventSummary event={event} />
        </span>
      </button>
    </li>
  );
}

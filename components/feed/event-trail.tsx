"use client";

import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { Copyable } from "@/components/ui/copyable";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";

export type StatementEvent = { position: string; kind: string; at: string; actor: string | null; leaf: string };

/** The events of the log, each with its position and its exact bytes. */
export function EventTrail({ events }: { events: StatementEvent[] | undefined }) {
  if (events === undefined) return <Skeleton className="h-16" />;
  return (
    <ol className="flex flex-col">
      {events.map((event) => (
        <TrailEvent key={event.position} event={event} />
      ))}
    </ol>
  );
}

function TrailEvent({ event }: { event: StatementEvent }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="flex min-h-7 items-center gap-2 text-xs">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="inline-flex min-h-6 min-w-0 flex-1 items-center gap-1 rounded-sm text-left"
        >
          <ChevronRight className={clsx("size-3.5 shrink-0 text-ink-faint", open && "rotate-90")} aria-hidden />
          <span className="truncate">{event.kind}</span>
        </button>
        <RelativeTime at={event.at} display="clock" className="text-ink-faint" />
        <Copyable value={event.position} className="w-20 justify-end text-ink-faint">
          #{event.position}
        </Copyable>
      </div>
      {open ? (
        <CodeBlock value={event.leaf} wrap label="Copy the event as it was hashed" className="mb-2">
          {pretty(event.leaf)}
        </CodeBlock>
      ) : null}
    </li>
  );
}

function pretty(leaf: string): string {
  return JSON.stringify(JSON.parse(leaf), null, 2);
}

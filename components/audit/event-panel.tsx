"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { requestJson } from "@/components/shell/request-json";
import { formatSql } from "@/components/statements/format-sql";
import { PrincipalName } from "@/components/statements/principal-name";
import { SqlBlock } from "@/components/statements/sql-text";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { CodeBlock } from "@/components/ui/code-block";
import { Copyable } from "@/components/ui/copyable";
import { Facts } from "@/components/ui/facts";
import { formatUtc } from "@/components/ui/format-time";
import { SidePanel } from "@/components/ui/side-panel";
import { Skeleton } from "@/components/ui/skeleton";
import type { LogEvent, LogEventDetail } from "./audit-types";
import { EventSummary } from "./event-summary";

/** One event with all its fields, and the way to what belongs to it. */
export function EventPanel({ event, onClose }: { event: LogEvent; onClose: () => void }) {
  const { data, error } = useQuery({
    queryKey: ["audit-event", event.position],
    queryFn: ({ signal }) => requestJson<LogEventDetail>(`/api/audit/events/${event.position}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <SidePanel label="Event" onClose={onClose} title={<h2 className="truncate font-mono text-sm">{event.kind}</h2>}>
      <div className="flex flex-col gap-4 p-4">
        {error ? <Callout tone="deny">{error.message}</Callout> : null}
        {data ? <EventDetails event={data} /> : <Skeleton className="h-48" />}
        <RelatedLinks event={event} />
        {data ? (
          <section>
            <h3 className="overline-label mb-2">As it was hashed</h3>
            <CodeBlock value={data.leaf} wrap label="Copy the event">
              {JSON.stringify(JSON.parse(data.leaf), null, 2)}
            </CodeBlock>
          </section>
        ) : null}
      </div>
    </SidePanel>
  );
}

function EventDetails({ event }: { event: LogEventDetail }) {
  return (
    <>
      {event.words === "" && event.statement !== null ? (
        <SqlBlock sql={formatSql(event.statement)} value={event.statement} />
      ) : (
        <p className="text-sm">
          <EventSummary event={event} />
        </p>
      )}
      <Facts
        facts={[
          { label: "When", value: <span className="numeric">{formatUtc(Date.parse(event.at))}</span> },
          { label: "Who", value: event.actor === null ? null : <PrincipalName principal={event.actor} /> },
          { label: "Database", value: event.database },
          { label: "Policies", value: event.policies.join(", ") },
          { label: "Position", value: <Copyable value={event.position} /> },
          { label: "Event", value: <Copyable value={event.id} /> },
        ]}
      />
    </>
  );
}

function RelatedLinks({ event }: { event: LogEvent }) {
  const links = [
    ...(event.approvalId === null
      ? []
      : [
          { href: `/approvals/${event.approvalId}`, text: `Request ${event.approvalId}` },
          { href: `/audit?q=request:${event.approvalId}`, text: "Its timeline" },
        ]),
    ...(event.entryId === null
      ? []
      : [
          { href: `/audit?q=entry:${event.entryId}`, text: "The statement's timeline" },
          { href: `/feed?q=entry:${event.entryId}&entry=${event.entryId}`, text: "In the feed" },
        ]),
  ];
  return links.length === 0 ? null : (
    <div className="flex flex-wrap gap-2">
      {links.map(({ href, text }) => (
        <Button key={href} asChild size="sm">
          <Link href={href}>{text}</Link>
        </Button>
      ))}
    </div>
  );
}

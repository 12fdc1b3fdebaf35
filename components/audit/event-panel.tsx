"use client";

import Link from "next/link";
import { formatSql } from "@/components/statements/format-sql";
import { PrincipalName } from "@/components/statements/principal-name";
import { SqlBlock } from "@/components/statements/sql-text";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Copyable } from "@/components/ui/copyable";
import { Facts } from "@/components/ui/facts";
import { formatUtc } from "@/components/ui/format-time";
import { SidePanel } from "@/components/ui/side-panel";
import type { LogEvent } from "./audit-types";
import { EventSummary } from "./event-summary";

/** One event with all its fields, and the way to what belongs to it. */
export function EventPanel({ event, onClose }: { event: LogEvent; onClose: () => void }) {
  return (
    <SidePanel label="Event" onClose={onClose} title={<h2 className="truncate font-mono text-sm">{event.kind}</h2>}>
      <div className="flex flex-col gap-4 p-4">
        {event.statement === null ? (
          <p className="text-sm">
            <EventSummary event={event} />
          </p>
        ) : (
          <SqlBlock sql={formatSql(event.statement)} value={event.statement} />
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
        <div className="flex flex-wrap gap-2">
          {event.approvalId === null ? null : (
            <>
              <Button asChild size="sm">
                <Link href={`/approvals/${event.approvalId}`}>Request {event.approvalId}</Link>
              </Button>
              <Button asChild size="sm">
                <Link href={`/audit?q=request:${event.approvalId}`}>Its timeline</Link>
              </Button>
            </>
          )}
          {event.entryId === null ? null : (
            <>
              <Button asChild size="sm">
                <Link href={`/audit?q=entry:${event.entryId}`}>The statement's timeline</Link>
              </Button>
              <Button asChild size="sm">
                <Link href={`/feed?q=entry:${event.entryId}&entry=${event.entryId}`}>In the feed</Link>
              </Button>
            </>
          )}
        </div>
        <section>
          <h3 className="overline-label mb-2">As it was hashed</h3>
          <CodeBlock value={event.leaf} wrap label="Copy the event">
            {JSON.stringify(JSON.parse(event.leaf), null, 2)}
          </CodeBlock>
        </section>
      </div>
    </SidePanel>
  );
}

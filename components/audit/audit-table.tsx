"use client";

import { PrincipalName } from "@/components/statements/principal-name";
import { RelativeTime } from "@/components/ui/relative-time";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { LogEvent } from "./audit-types";
import { EventDecision, EventSummary } from "./event-summary";

type AuditTableProps = { events: LogEvent[]; selected: string | null; onSelect: (position: string) => void };

/** Events of the log, newest first. */
export function AuditTable({ events, selected, onSelect }: AuditTableProps) {
  return (
    <Table label="Events of the log" className="table-fixed" scrollClassName="min-h-0 flex-none overflow-visible">
      <thead>
        <tr>
          <Th className="w-46">Time, UTC</Th>
          <Th className="w-44">Kind</Th>
          <Th className="w-48">Who</Th>
          <Th>What</Th>
          <Th className="w-28">Decision</Th>
          <Th className="w-24 max-xl:hidden">Database</Th>
          <Th className="w-24" align="end">
            Position
          </Th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <Tr
            key={event.position}
            interactive
            selected={event.position === selected}
            onClick={() => onSelect(event.position)}
          >
            <Td truncate>
              <button type="button" className="numeric min-h-6 rounded-sm text-xs text-ink-muted">
                {event.at.slice(0, 10)} <RelativeTime at={event.at} display="clock" className="text-ink" />
                <span className="sr-only">, details</span>
              </button>
            </Td>
            <Td truncate mono className="text-ink-muted">
              {event.kind}
            </Td>
            <Td truncate>{event.actor === null ? null : <PrincipalName principal={event.actor} />}</Td>
            <Td truncate>
              <EventSummary event={event} />
            </Td>
            <Td>
              <EventDecision event={event} />
            </Td>
            <Td truncate className="max-xl:hidden">
              {event.database}
            </Td>
            <Td align="end" numeric className="text-xs text-ink-faint">
              {event.position}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

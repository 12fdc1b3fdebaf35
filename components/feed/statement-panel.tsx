"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowUpRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { requestJson } from "@/components/shell/request-json";
import { DecisionBadge } from "@/components/statements/decision-badge";
import { formatSql } from "@/components/statements/format-sql";
import { SqlBlock } from "@/components/statements/sql-text";
import { StatementResult } from "@/components/statements/statement-result";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { RelativeTime } from "@/components/ui/relative-time";
import { SidePanel } from "@/components/ui/side-panel";
import { Skeleton } from "@/components/ui/skeleton";
import type { FeedRow } from "@/lib/audit/feed-row";
import { EventTrail, type StatementEvent } from "./event-trail";
import { PolicyTrace } from "./policy-trace";
import { SessionFacts } from "./session-facts";

type StatementDetail = { row: FeedRow; events: StatementEvent[] };

type StatementPanelProps = {
  entryId: string;
  /** the row of the list, shown until the details are here, and the newer of the two afterwards */
  known: FeedRow | undefined;
  onClose: () => void;
};

/** Everything that the log has of one statement. */
export function StatementPanel({ entryId, known, onClose }: StatementPanelProps) {
  const { data, error } = useQuery({
    // A statement that moved on has more events: its last position is part of the key.
    queryKey: ["statement", entryId, known?.positions.at(-1)],
    queryFn: ({ signal }) => requestJson<StatementDetail>(`/api/feed/${entryId}`, { signal }),
    placeholderData: (previous) => (previous?.row.entryId === entryId ? previous : undefined),
  });
  const row = known ?? data?.row;
  return (
    <SidePanel
      label="Statement"
      onClose={onClose}
      title={
        row === undefined ? (
          <Skeleton className="h-5 w-40" />
        ) : (
          <div className="flex items-center gap-2.5 text-sm">
            <DecisionBadge decision={row.decision} />
            <StatementResult row={row} />
            <RelativeTime at={row.at} className="text-xs text-ink-faint" />
          </div>
        )
      }
    >
      {error ? (
        <Callout tone="deny" className="m-4">
          {error.message}
        </Callout>
      ) : null}
      {row === undefined ? null : <StatementDetails row={row} events={data?.events} />}
    </SidePanel>
  );
}

function StatementDetails({ row, events }: { row: FeedRow; events: StatementEvent[] | undefined }) {
  return (
    <div className="flex flex-col divide-y divide-line">
      <Part>
        <SqlBlock sql={formatSql(row.statement)} value={row.statement} />
        <p className="mt-1.5 text-xs text-ink-faint">
          Literals and parameters are replaced before anything is recorded.
        </p>
        <Explanation row={row} />
      </Part>
      {row.masked.length > 0 || row.labels.length > 0 ? (
        <Part title="Columns">
          {row.masked.length > 0 ? (
            <ul className="flex flex-col gap-1">
              {row.masked.map(({ column, rule }) => (
                <li key={column} className="flex items-center gap-2 text-xs">
                  <Badge tone="masked">masked</Badge>
                  <code className="min-w-0 flex-1 truncate">{column}</code>
                  <span className="text-ink-faint">{rule}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p className="text-xs text-ink-muted">Nothing was masked.</p>
          )}
          {row.labels.length > 0 ? (
            <p className="mt-2 flex flex-wrap items-center gap-1 text-xs text-ink-faint">
              Touches
              {row.labels.map((label) => (
                <Badge key={label} mono>
                  {label}
                </Badge>
              ))}
            </p>
          ) : null}
        </Part>
      ) : null}
      <Part title="Decided by">
        <PolicyTrace row={row} events={events} />
      </Part>
      <Part title="Session">
        <SessionFacts row={row} />
      </Part>
      <Part title="Record">
        <EventTrail events={events} />
      </Part>
    </div>
  );
}

/** Why it was held or refused, and where to decide it. */
function Explanation({ row }: { row: FeedRow }) {
  if (row.decision === "allow" && row.state !== "refused") return null;
  const tone = row.decision === "hold" ? "hold" : "deny";
  return (
    <Callout
      tone={tone}
      className="mt-3"
      title={row.reason ?? row.message ?? undefined}
      actions={
        row.approvalId === null ? undefined : (
          <Link
            href={`/approvals/${row.approvalId}`}
            className="inline-flex items-center gap-0.5 text-xs font-medium whitespace-nowrap text-accent underline-offset-2 hover:underline"
          >
            Request {row.approvalId} <ArrowUpRight className="size-3.5" aria-hidden />
          </Link>
        )
      }
    >
      {row.message !== null && row.message !== row.reason && row.reason !== null ? row.message : null}
    </Callout>
  );
}

function Part({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="px-4 py-3">
      {title ? <h3 className="overline-label mb-2">{title}</h3> : null}
      {children}
    </section>
  );
}

"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, ScrollText } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useRef, useState } from "react";
import { FilterBar } from "@/components/filters/filter-bar";
import { useFilter } from "@/components/filters/use-filter";
import { requestJson } from "@/components/shell/request-json";
import { useMay } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { type Filter, setTerm, singleValue } from "@/lib/audit/parse-filter";
import { AuditTable } from "./audit-table";
import type { LogEvent, LogPage } from "./audit-types";
import type { TimelineSubject } from "./timeline";

// Fetched when first needed.
const EventPanel = dynamic(() => import("./event-panel").then((module) => module.EventPanel));
const Timeline = dynamic(() => import("./timeline").then((module) => module.Timeline));

const areas = [
  ["", "Everything"],
  ["statement", "Statements"],
  ["approval", "Approvals"],
  ["session", "Sessions"],
  ["signin", "Sign-ins"],
  ["bundle", "Policies"],
  ["masking", "Masking"],
  ["database", "Databases"],
  ["person", "People"],
  ["agent", "Agents"],
  ["group", "Groups"],
  ["token", "Tokens"],
  ["delivery", "Messages"],
  ["export", "Exports"],
  ["alarm", "Alarms"],
] as const;

type AuditViewProps = { initial: LogPage & { q: string } };

/** The log itself: every event, the story of one request, and a file of exactly what is shown. */
export function AuditView({ initial }: AuditViewProps) {
  const { filter, text: q, setFilter } = useFilter();
  const [selected, setSelected] = useState<LogEvent | null>(null);
  const pages = useAuditPages(q, initial);
  const subject = subjectOf(filter);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title="Audit"
        description="Everything that was decided and changed, in the order of the log."
        actions={<ExportMenu q={q} />}
      />
      <AuditFilters filter={filter} onChange={setFilter} ignored={pages.data?.pages[0]?.ignored ?? []} />
      <div className="relative flex min-h-0 flex-1 border-t border-line bg-surface">
        <div className="flex min-w-0 flex-1 flex-col overflow-y-auto">
          {subject === null ? (
            <EventPages pages={pages} filtered={q !== ""} selected={selected} onSelect={setSelected} />
          ) : (
            <Timeline of={subject} selected={selected?.position ?? null} onSelect={setSelected} />
          )}
        </div>
        {selected === null ? null : <EventPanel event={selected} onClose={() => setSelected(null)} />}
      </div>
    </div>
  );
}

type AuditFiltersProps = { filter: Filter; onChange: (filter: Filter) => void; ignored: string[] };

function AuditFilters({ filter, onChange, ignored }: AuditFiltersProps) {
  return (
    <>
      <div className="flex flex-wrap items-start gap-2 px-6 pb-3">
        <Select
          aria-label="Area"
          className="max-w-44"
          value={singleValue(filter, "area") ?? ""}
          onChange={(event) => onChange(setTerm(filter, "area", event.target.value || null))}
        >
          {areas.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <FilterBar
          filter={filter}
          onChange={onChange}
          hiddenKeys={["area"]}
          placeholder="request:42  person:a@b.c  from:2026-11-01  sqlstate:42501  or any words"
        />
      </div>
      {ignored.length > 0 ? (
        <Callout tone="hold" className="mx-6 mb-3">
          The log is not narrowed by {ignored.join(", ")}.
        </Callout>
      ) : null}
    </>
  );
}

type EventPagesProps = {
  pages: ReturnType<typeof useAuditPages>;
  filtered: boolean;
  selected: LogEvent | null;
  onSelect: (event: LogEvent | null) => void;
};

function EventPages({ pages, filtered, selected, onSelect }: EventPagesProps) {
  if (pages.isPending) return <SkeletonRows rows={16} />;
  if (pages.error) {
    return (
      <Callout tone="deny" className="m-6">
        {pages.error.message}
      </Callout>
    );
  }
  const events = pages.data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <EmptyAudit filtered={filtered} />;
  return (
    <>
      <AuditTable
        events={events}
        selected={selected?.position ?? null}
        onSelect={(position) => onSelect(events.find((event) => event.position === position) ?? null)}
      />
      <Older more={pages.hasNextPage} loading={pages.isFetchingNextPage} onMore={() => void pages.fetchNextPage()} />
    </>
  );
}

function useAuditPages(q: string, initial: LogPage & { q: string }) {
  return useInfiniteQuery({
    queryKey: ["audit", q],
    queryFn: ({ pageParam, signal }) =>
      requestJson<LogPage>(`/api/audit?${new URLSearchParams(pageParam === null ? { q } : { q, before: pageParam })}`, {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.before,
    initialData: q === initial.q ? { pages: [initial], pageParams: [null] } : undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** One request or one statement alone is told as a story. */
function subjectOf(filter: Filter): TimelineSubject | null {
  if (filter.words.length > 0 || filter.terms.length !== 1) return null;
  const request = singleValue(filter, "request");
  if (request !== null && /^\d{1,9}$/.test(request)) return { request };
  const entry = singleValue(filter, "entry");
  return entry === null ? null : { entry };
}

function ExportMenu({ q }: { q: string }) {
  const may = useMay("audit.export");
  if (!may) return null;
  const href = (format: string) => `/api/audit/export?${new URLSearchParams({ q, format })}`;
  return (
    <DropdownMenu
      trigger={
        <Button>
          <Download aria-hidden /> Export what is shown
        </Button>
      }
    >
      <MenuItem asChild>
        <a href={href("jsonl")} download>
          Events as they were hashed (JSON lines)
        </a>
      </MenuItem>
      <MenuItem asChild>
        <a href={href("csv")} download>
          A table (CSV)
        </a>
      </MenuItem>
    </DropdownMenu>
  );
}

/** Asks for the next page when it comes into view; a button for those who do not scroll. */
function Older({ more, loading, onMore }: { more: boolean; loading: boolean; onMore: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null || !more || loading) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), { rootMargin: "400px" });
    observer.observe(element);
    return () => observer.disconnect();
  }, [more, loading, onMore]);
  return (
    <div ref={place} className="px-4 py-3 text-xs text-ink-faint">
      {more ? (
        <Button size="sm" busy={loading} onClick={onMore}>
          Older events
        </Button>
      ) : (
        "This is the beginning of what matches."
      )}
    </div>
  );
}

function EmptyAudit({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState icon={ScrollText} title="No event matches">
      Take a token of the filter away. Names are compared whole here: agent:reporting-agent, person:a@b.c.
    </EmptyState>
  ) : (
    <EmptyState
      icon={ScrollText}
      title="The log is empty"
      command="npm run countersign -- person add you@example.com --role admin"
    >
      Sign-ins, statements, decisions and changes are recorded here, in an order that can be proved.
    </EmptyState>
  );
}

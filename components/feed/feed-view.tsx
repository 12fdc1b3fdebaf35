"use client";

import { clsx } from "clsx";
import { Activity, Pause, Play } from "lucide-react";
import dynamic from "next/dynamic";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { FilterBar } from "@/components/filters/filter-bar";
import { useFilter } from "@/components/filters/use-filter";
import { useShortcuts } from "@/components/shell/use-shortcuts";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-time";
import { PageHeader } from "@/components/ui/page-header";
import { Segments } from "@/components/ui/segments";
import { Tooltip } from "@/components/ui/tooltip";
import type { FeedRow } from "@/lib/audit/feed-row";
import { type Filter, setTerm, singleValue } from "@/lib/audit/parse-filter";
import { FacetMenu, type Facets, useFacets } from "./facet-menu";
import { FeedTable } from "./feed-table";
import { type FeedPage, useFeed } from "./use-feed";

// Fetched with the first selection.
const StatementPanel = dynamic(() => import("./statement-panel").then((module) => module.StatementPanel));

/** Scrolled further than this, the feed holds still. */
const topPx = 8;

type FeedViewProps = {
  initial: FeedPage;
  /** a command that makes the first statement, for an empty log */
  firstCommand: string;
};

/** Live and history in one table, with the details of the selected statement beside it. */
export function FeedView({ initial, firstCommand }: FeedViewProps) {
  const { filter, text: q, setFilter } = useFilter();
  const [scrolled, setScrolled] = useState(false);
  const [held, setHeld] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const paused = held || scrolled;
  const feed = useFeed({ q, initial, paused });
  const { selected, select } = useSelection();
  const toggle = () => {
    setHeld(!paused);
    if (!paused) return;
    feed.show();
    scroller.current?.scrollTo({ top: 0 });
  };
  useFeedShortcuts({ rows: feed.rows, selected, select, toggle });

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <PageHeader
        title="Feed"
        description="Every statement as it is decided, and all that came before."
        badge={<LiveState paused={paused} connected={feed.connection === "live"} />}
        actions={<PauseButton paused={paused} onToggle={toggle} />}
      />
      <FeedFilters q={q} filter={filter} onChange={setFilter} />
      <div className="relative flex min-h-0 flex-1 border-t border-line bg-surface">
        <div className="relative min-w-0 flex-1">
          <WaitingButton count={feed.waiting.length} onClick={toggle} />
          <section
            ref={scroller}
            aria-label="Statements"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            tabIndex={0}
            onScroll={(event) => setScrolled(event.currentTarget.scrollTop > topPx)}
            className="absolute inset-0 overflow-auto outline-offset-[-2px] [overflow-anchor:none]"
          >
            {feed.rows.length === 0 ? <EmptyFeed filtered={q !== ""} command={firstCommand} /> : null}
            <FeedTable
              rows={feed.rows}
              selected={selected}
              onSelect={select}
              onNearEnd={feed.loadOlder}
              scroller={scroller}
              narrow={selected !== null}
            />
            <FeedEnd before={feed.before} loading={feed.loadingOlder} skipped={feed.skipped} count={feed.rows.length} />
          </section>
        </div>
        {selected === null ? null : (
          <StatementPanel
            entryId={selected}
            known={feed.rows.find((row) => row.entryId === selected)}
            onClose={() => select(null)}
          />
        )}
      </div>
    </div>
  );
}

type FeedKeys = {
  rows: FeedRow[];
  selected: string | null;
  select: (entryId: string | null) => void;
  toggle: () => void;
};

function useFeedShortcuts({ rows, selected, select, toggle }: FeedKeys): void {
  const move = (step: number) => {
    const index = rows.findIndex((row) => row.entryId === selected);
    const next = rows[Math.min(Math.max(index + step, 0), rows.length - 1)];
    if (next !== undefined) select(next.entryId);
  };
  useShortcuts("Feed", [
    { keys: ["Space"], label: "Pause or go on", run: toggle },
    { keys: ["j"], label: "Next statement", run: () => move(1) },
    { keys: ["k"], label: "Previous statement", run: () => move(-1) },
    { keys: ["Escape"], label: "Close the details", run: () => select(null) },
  ]);
}

type FeedFiltersProps = { q: string; filter: Filter; onChange: (filter: Filter) => void };

function FeedFilters({ q, filter, onChange }: FeedFiltersProps) {
  const facets = useFacets(q);
  return (
    <div className="flex flex-wrap items-start gap-2 px-6 pb-3">
      <Segments
        label="Decision"
        value={singleValue(filter, "decision") ?? "all"}
        onChange={(value) => onChange(setTerm(filter, "decision", value === "all" ? null : value))}
        segments={decisionSegments(facets)}
      />
      <FilterBar
        filter={filter}
        onChange={onChange}
        hiddenKeys={["decision"]}
        placeholder="agent:reporting  label:pii  -database:staging  or words of the statement"
      />
      <FacetMenu facets={facets} filter={filter} onChange={onChange} />
    </div>
  );
}

function PauseButton({ paused, onToggle }: { paused: boolean; onToggle: () => void }) {
  return (
    <Tooltip content="Space" side="bottom">
      <Button onClick={onToggle}>
        {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
        {paused ? "Go on" : "Pause"}
      </Button>
    </Tooltip>
  );
}

/** The selected statement stands in the address, so that what one sees can be shown to somebody else. */
function useSelection() {
  const path = usePathname();
  const params = useSearchParams();
  const select = useCallback(
    (entryId: string | null) => {
      const changed = new URLSearchParams(params);
      if (entryId === null) changed.delete("entry");
      else changed.set("entry", entryId);
      window.history.replaceState(null, "", `${path}${changed.size > 0 ? `?${changed}` : ""}`);
    },
    [path, params],
  );
  return { selected: params.get("entry"), select };
}

function decisionSegments(facets: Facets | undefined) {
  const count = (decision: string) => facets?.decision.find(({ value }) => value === decision)?.count ?? 0;
  return [
    { value: "all", label: "All" },
    { value: "allow", label: "Allowed", count: count("allow") },
    { value: "hold", label: "Held", count: count("hold") },
    { value: "deny", label: "Denied", count: count("deny") },
  ];
}

function LiveState({ paused, connected }: { paused: boolean; connected: boolean }) {
  const [word, dot] = paused
    ? ["Paused", "bg-ink-faint"]
    : connected
      ? ["Live", "bg-allow"]
      : ["Connecting", "bg-hold animate-pulse"];
  return (
    <span role="status" className="inline-flex items-center gap-1.5 text-xs text-ink-muted">
      <span className={clsx("size-2 rounded-full", dot)} aria-hidden />
      {word}
    </span>
  );
}

function WaitingButton({ count, onClick }: { count: number; onClick: () => void }) {
  return (
    <div aria-live="polite" className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center">
      {count === 0 ? null : (
        <Button variant="primary" size="sm" className="numeric pointer-events-auto" onClick={onClick}>
          <Play aria-hidden /> {formatCount(count)} new
        </Button>
      )}
    </div>
  );
}

function EmptyFeed({ filtered, command }: { filtered: boolean; command: string }) {
  return filtered ? (
    <EmptyState icon={Activity} title="No statement matches">
      Take a token of the filter away, or wait: what matches appears here as it happens.
    </EmptyState>
  ) : (
    <EmptyState icon={Activity} title="No statement yet" command={command}>
      Every statement that an agent or a person sends through the broker appears here, with what was decided and why.
    </EmptyState>
  );
}

type FeedEndProps = { before: string | null; loading: boolean; skipped: number; count: number };

function FeedEnd({ before, loading, skipped, count }: FeedEndProps) {
  if (count === 0) return null;
  return (
    <p className="px-4 py-3 text-xs text-ink-faint">
      {skipped > 0 ? `${formatCount(skipped)} events were passed over to keep up; the filter finds them. ` : ""}
      {before !== null ? (loading ? "Loading older statements…" : "") : "This is the beginning of the log."}
    </p>
  );
}

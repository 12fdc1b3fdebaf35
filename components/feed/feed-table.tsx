"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { memo, type RefObject, useEffect } from "react";
import { DecisionMark, MaskedBadge } from "@/components/statements/decision-badge";
import { PrincipalName } from "@/components/statements/principal-name";
import { SqlText } from "@/components/statements/sql-text";
import { StatementResult } from "@/components/statements/statement-result";
import { formatDuration } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";
import { Th } from "@/components/ui/table";
import type { FeedRow } from "@/lib/audit/feed-row";

const rowHeightPx = 32;
const headerHeightPx = 32;
const overscanRows = 12;
/** Older statements are fetched when so few rows are left below. */
const aheadRows = 30;

type FeedTableProps = {
  rows: FeedRow[];
  selected: string | null;
  onSelect: (entryId: string) => void;
  onNearEnd: () => void;
  scroller: RefObject<HTMLDivElement | null>;
  /** hides what the panel shows anyway, while it takes the room */
  narrow: boolean;
};

/** The statements as a table of which only the rows in view exist; the rest is empty space of the right height. */
export function FeedTable({ rows, selected, onSelect, onNearEnd, scroller, narrow }: FeedTableProps) {
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => rows[index]?.entryId ?? index,
    overscan: overscanRows,
    scrollMargin: headerHeightPx,
    scrollPaddingStart: headerHeightPx,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;

  useEffect(() => {
    if (last >= 0 && rows.length - last < aheadRows) onNearEnd();
  }, [last, rows.length, onNearEnd]);
  const index = selected === null ? -1 : rows.findIndex((row) => row.entryId === selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection moves the view, not each new row
  useEffect(() => {
    if (index >= 0) virtualizer.scrollToIndex(index, { align: "auto" });
  }, [selected]);

  if (rows.length === 0) return null;
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-sm" aria-rowcount={rows.length + 1}>
      <caption className="sr-only">Statements, newest first</caption>
      <FeedHead narrow={narrow} />
      <tbody>
        <Spacer height={first * rowHeightPx} />
        {items.map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <FeedTableRow
              key={row.entryId}
              row={row}
              index={item.index}
              selected={row.entryId === selected}
              onSelect={onSelect}
              narrow={narrow}
            />
          );
        })}
        <Spacer height={(rows.length - 1 - last) * rowHeightPx} />
      </tbody>
    </table>
  );
}

function FeedHead({ narrow }: { narrow: boolean }) {
  return (
    <thead>
      <tr>
        <Th className="w-23">Time, UTC</Th>
        <Th className="w-26">Decision</Th>
        <Th className={narrow ? "w-38" : "w-44"}>Who</Th>
        <Th>Statement</Th>
        <Th className={clsx("w-28", narrow && "hidden")}>
          <span className="sr-only">Masks</span>
        </Th>
        <Th className="w-31" align="end">
          Result
        </Th>
        <Th className={clsx("w-21 max-lg:hidden", narrow && "hidden")} align="end">
          Took
        </Th>
        <Th className={clsx("w-24 max-xl:hidden", narrow && "hidden")}>Database</Th>
        <Th className={clsx("w-56 max-2xl:hidden", narrow && "hidden")}>Policy</Th>
      </tr>
    </thead>
  );
}

function Spacer({ height }: { height: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  );
}

const cell = "h-8 truncate border-b border-line px-3";

type FeedTableRowProps = {
  row: FeedRow;
  index: number;
  selected: boolean;
  onSelect: (entryId: string) => void;
  narrow: boolean;
};

const FeedTableRow = memo(function FeedTableRow({ row, index, selected, onSelect, narrow }: FeedTableRowProps) {
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={selected}
      onClick={() => onSelect(row.entryId)}
      className={clsx(selected ? "bg-selected" : "hover:bg-hover")}
    >
      <td className={clsx(cell, "pl-4")}>
        <button type="button" className="min-h-6 rounded-sm text-ink-muted">
          <RelativeTime at={row.at} display="clock" className="text-xs" />
          <span className="sr-only">, details</span>
        </button>
      </td>
      <td className={cell}>
        <DecisionMark decision={row.decision} />
      </td>
      <td className={cell}>
        <PrincipalName principal={row.actor} owner={null} />
      </td>
      <td className={cell}>
        <SqlText sql={row.statement} oneLine className="text-xs" />
      </td>
      <td className={clsx(cell, narrow && "hidden")}>
        {row.masked.length > 0 ? (
          <MaskedBadge count={row.masked.length} columns={row.masked.map(({ column }) => column)} />
        ) : null}
      </td>
      <td className={clsx(cell, "text-right text-xs")}>
        <StatementResult row={row} />
      </td>
      <td className={clsx(cell, "numeric text-right text-xs text-ink-muted max-lg:hidden", narrow && "hidden")}>
        {row.durationMs === null ? "" : formatDuration(row.durationMs)}
      </td>
      <td className={clsx(cell, "max-xl:hidden", narrow && "hidden")}>{row.database}</td>
      <td className={clsx(cell, "font-mono text-2xs text-ink-muted max-2xl:hidden", narrow && "hidden")}>
        {row.policies.join(", ")}
      </td>
    </tr>
  );
});

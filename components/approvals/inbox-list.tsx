"use client";

import { clsx } from "clsx";
import { useEffect, useRef } from "react";
import { PrincipalName } from "@/components/statements/principal-name";
import { SqlText } from "@/components/statements/sql-text";
import { RelativeTime } from "@/components/ui/relative-time";
import type { InboxItem } from "@/lib/approval/inbox-view";
import { Countdown } from "./countdown";
import { RequestStatus, Severity } from "./request-status";

type InboxListProps = { items: InboxItem[]; selected: number | null; onSelect: (id: number) => void };

/** Requests, one after the other; the selected one is read on the right. */
export function InboxList({ items, selected, onSelect }: InboxListProps) {
  return (
    <ul className="flex flex-col">
      {items.map((item) => (
        <li key={item.id}>
          <InboxEntry item={item} selected={item.id === selected} onSelect={onSelect} />
        </li>
      ))}
    </ul>
  );
}

type InboxEntryProps = { item: InboxItem; selected: boolean; onSelect: (id: number) => void };

function InboxEntry({ item, selected, onSelect }: InboxEntryProps) {
  const entry = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (selected) entry.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  const pending = item.status === "pending";
  return (
    <a
      ref={entry}
      href={`/approvals/${item.id}`}
      aria-current={selected ? "true" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onSelect(item.id);
      }}
      className={clsx(
        "flex flex-col gap-1 border-b border-line border-l-2 px-4 py-2.5 outline-offset-[-2px]",
        selected ? "border-l-accent bg-selected" : "border-l-transparent hover:bg-hover",
      )}
    >
      <span className="flex items-center gap-2 text-sm">
        <PrincipalName principal={item.principal} className="min-w-0 flex-1 font-medium" />
        {pending ? (
          <Countdown until={item.expiresAt} className="text-xs text-ink-muted" />
        ) : (
          <RelativeTime at={item.decidedAt ?? item.expiresAt} className="text-xs text-ink-faint" />
        )}
      </span>
      <SqlText sql={item.statement} oneLine className="truncate text-xs" />
      <span className="flex min-h-5 flex-wrap items-center gap-1.5 text-xs text-ink-faint">
        <span className="numeric">#{item.id}</span>
        <span>{item.database}</span>
        <span className="flex-1" />
        {pending ? <Severity severity={item.severity} /> : <RequestStatus status={item.status} />}
        {pending ? (
          <span className="numeric" title="Signatures that count, of those that it takes">
            {item.signatures.have} of {item.signatures.need} signed
          </span>
        ) : null}
      </span>
    </a>
  );
}

"use client";

import { clsx } from "clsx";
import { Stamp } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import { useShortcuts } from "@/components/shell/use-shortcuts";
import { Callout } from "@/components/ui/callout";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Segments } from "@/components/ui/segments";
import { Skeleton } from "@/components/ui/skeleton";
import { type Inbox, type InboxItem, type InboxView, inboxViews, type RequestDetail } from "@/lib/approval/inbox-view";
import { DecideDialog } from "./decide-dialogs";
import { InboxList } from "./inbox-list";
import { copyRequestLink, RequestView } from "./request-view";
import { useInbox, useRequest } from "./use-approvals";

type ApprovalsViewProps = {
  initialView: InboxView;
  initialInbox: Inbox;
  initialRequest: RequestDetail | undefined;
  /** a command that makes a request, for an empty inbox */
  firstCommand: string;
};

/** Inbox left, request right; the address names both. */
export function ApprovalsView({ initialView, initialInbox, initialRequest, firstCommand }: ApprovalsViewProps) {
  const { view, id, show } = useAddress(initialView);
  const inbox = useInbox(view, view === initialView ? initialInbox : undefined);
  const items = inbox.data?.items ?? [];
  const [asked, setAsked] = useState<{ id: number; question: "approve" | "deny" } | null>(null);
  // INVARIANT: a question stays with the request it was asked about: the list may put another one first meanwhile.
  const selected = asked?.id ?? id ?? items[0]?.id ?? null;
  const request = useRequest(selected, initialRequest);
  const ask = (question: "approve" | "deny") => {
    const shown = request.data;
    if (shown?.status === "pending" && shown.reviewRefusal === null) setAsked({ id: shown.id, question });
  };
  const select = (next: number) => show({ view, id: next });
  useApprovalShortcuts({ items, selected, select, ask });

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title="Approvals"
        description="Statements that wait for a second signature."
        actions={
          <Segments
            label="Which requests"
            value={view}
            onChange={(next) => show({ view: next, id: null })}
            segments={segmentsOf(inbox.data)}
          />
        }
      />
      <div className="flex min-h-0 flex-1 border-t border-line">
        <nav
          aria-label="Requests"
          className={clsx(
            "w-84 shrink-0 overflow-y-auto border-r border-line bg-surface max-lg:w-72 max-md:w-60",
            items.length === 0 && "hidden",
          )}
        >
          <InboxList items={items} selected={selected} onSelect={select} />
        </nav>
        <div className="flex min-w-0 flex-1 flex-col">
          {selected === null ? (
            <EmptyInbox view={view} command={firstCommand} />
          ) : (
            <RequestOrFault request={request.data} fault={request.error?.message} onAsk={ask} />
          )}
        </div>
      </div>
      {request.data ? (
        <DecideDialog
          key={request.data.id}
          request={request.data}
          asking={asked?.id === request.data.id ? asked.question : null}
          onClose={() => setAsked(null)}
          onDecided={() => select(nextToDecide(items, selected) ?? request.data.id)}
        />
      ) : null}
    </div>
  );
}

type RequestOrFaultProps = {
  request: RequestDetail | undefined;
  fault: string | undefined;
  onAsk: (question: "approve" | "deny") => void;
};

function RequestOrFault({ request, fault, onAsk }: RequestOrFaultProps) {
  if (request !== undefined) return <RequestView request={request} onAsk={onAsk} />;
  if (fault === undefined) return <Skeleton className="m-6 h-60" />;
  return (
    <Callout tone="deny" className="m-6">
      {fault}
    </Callout>
  );
}

type ShortcutTargets = {
  items: InboxItem[];
  selected: number | null;
  select: (id: number) => void;
  ask: (question: "approve" | "deny") => void;
};

function useApprovalShortcuts({ items, selected, select, ask }: ShortcutTargets): void {
  const move = (step: number) => {
    const index = items.findIndex((item) => item.id === selected);
    const next = items[Math.min(Math.max(index + step, 0), items.length - 1)];
    if (next !== undefined) select(next.id);
  };
  useShortcuts("Approvals", [
    { keys: ["j"], label: "Next request", run: () => move(1) },
    { keys: ["k"], label: "Previous request", run: () => move(-1) },
    { keys: ["a"], label: "Approve", run: () => ask("approve") },
    { keys: ["d"], label: "Deny", run: () => ask("deny") },
    { keys: ["c"], label: "Copy the link", run: () => selected !== null && copyRequestLink(selected) },
  ]);
}

/** The next request that waits for the viewer, from where they are. */
function nextToDecide(items: InboxItem[], selected: number | null): number | undefined {
  const at = items.findIndex((item) => item.id === selected);
  return [...items.slice(at + 1), ...items.slice(0, Math.max(at, 0))].find((item) => item.mayReview)?.id;
}

/** /approvals/42?view=open: read from the address, and written there without asking the server for the page again. */
function useAddress(initialView: InboxView) {
  const path = usePathname();
  const params = useSearchParams();
  const given = params.get("view");
  const view = inboxViews.find((each) => each === given) ?? initialView;
  const match = /^\/approvals\/(\d+)$/.exec(path);
  const id = match === null ? null : Number(match[1]);
  const show = useCallback(
    (next: { view: InboxView; id: number | null }) =>
      window.history.pushState(null, "", `/approvals${next.id === null ? "" : `/${next.id}`}?view=${next.view}`),
    [],
  );
  useEffect(() => {
    document.title = `${id === null ? "Approvals" : `Request ${id}`} · Countersign`;
  }, [id]);
  return { view, id, show };
}

function segmentsOf(inbox: Inbox | undefined) {
  return [
    { value: "for-you" as const, label: "For you", count: inbox?.counts["for-you"] },
    { value: "open" as const, label: "All waiting", count: inbox?.counts.open },
    { value: "asked" as const, label: "Asked by you", count: inbox?.counts.asked },
    { value: "decided" as const, label: "Decided" },
  ];
}

function EmptyInbox({ view, command }: { view: InboxView; command: string }) {
  switch (view) {
    case "for-you":
      return (
        <EmptyState icon={Stamp} title="Nothing waits for you">
          Requests that your groups decide appear here the moment they are made. You can leave this open.
        </EmptyState>
      );
    case "open":
      return (
        <EmptyState icon={Stamp} title="Nothing waits" command={command}>
          A statement that a policy holds waits here until the people whom the policy names have signed.
        </EmptyState>
      );
    case "asked":
      return (
        <EmptyState icon={Stamp} title="You have not asked for anything">
          Requests of your own, and those of agents that you answer for, appear here.
        </EmptyState>
      );
    case "decided":
      return (
        <EmptyState icon={Stamp} title="Nothing has been decided yet">
          Every request stays here with its signatures, reasons and what ran.
        </EmptyState>
      );
  }
}

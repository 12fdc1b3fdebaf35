"use client";

import { Link2, Undo2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { EventTrail } from "@/components/feed/event-trail";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Kbd } from "@/components/ui/kbd";
import { toast } from "@/components/ui/toast";
import { Tooltip } from "@/components/ui/tooltip";
import type { RequestDetail } from "@/lib/approval/inbox-view";
import { Countdown } from "./countdown";
import { RequestDeliveries } from "./request-deliveries";
import { RequestFacts, RequestHeadline, RequestTouches } from "./request-facts";
import { RequestHistory } from "./request-history";
import { RequestOutcome } from "./request-outcome";
import { RequestSignatures } from "./request-signatures";
import { RequestStatement } from "./request-statement";
import { RequestStatus, RequestUse, Severity } from "./request-status";
import { useWithdrawal } from "./use-approvals";

type RequestViewProps = { request: RequestDetail; onAsk: (question: "approve" | "deny") => void };

/** One request with everything that a reviewer needs, and the two buttons. */
export function RequestView({ request, onAsk }: RequestViewProps) {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <RequestHeader request={request} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-4xl flex-col gap-5 px-6 py-5">
          <RequestHeadline request={request} />
          <RequestOutcome request={request} />
          <RequestStatement request={request} />
          <Why request={request} />
          <RequestFacts request={request} />
          <div className="grid gap-5 border-t border-line pt-5 lg:grid-cols-2">
            <RequestTouches request={request} />
            <RequestSignatures request={request} />
          </div>
          <div className="grid gap-5 border-t border-line pt-5 lg:grid-cols-2">
            <RequestHistory request={request} />
            <RequestDeliveries request={request} />
          </div>
          <section className="border-t border-line pt-5">
            <h3 className="overline-label mb-2">Record</h3>
            <EventTrail events={request.events} />
          </section>
        </div>
      </div>
      <DecideBar request={request} onAsk={onAsk} />
    </div>
  );
}

/** The request's address, for a colleague. */
export function copyRequestLink(id: number): void {
  navigator.clipboard.writeText(`${window.location.origin}/approvals/${id}`).then(
    () => toast(`The link to request ${id} is copied.`),
    () => toast("The link could not be copied.", "failed"),
  );
}

function RequestHeader({ request }: { request: RequestDetail }) {
  const [asking, setAsking] = useState(false);
  const withdrawal = useWithdrawal();
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-2 border-b border-line px-6 py-2">
      <h2 className="numeric text-base font-semibold">Request {request.id}</h2>
      <RequestStatus status={request.status} />
      <RequestUse use={request.use} />
      <Severity severity={request.severity} />
      {request.status === "pending" ? <Countdown until={request.expiresAt} className="text-xs text-ink-muted" /> : null}
      <span className="flex-1" />
      {request.mayWithdraw ? (
        <Button size="sm" onClick={() => setAsking(true)}>
          <Undo2 aria-hidden /> Withdraw
        </Button>
      ) : null}
      <Tooltip content="Copy the link" side="bottom">
        <Button variant="quiet" size="icon" aria-label="Copy the link" onClick={() => copyRequestLink(request.id)}>
          <Link2 aria-hidden />
        </Button>
      </Tooltip>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Withdraw request ${request.id}?`}
        description="The waiting call ends with an error. The statement can be sent again, as a new request."
        action="Withdraw"
        danger
        onConfirm={() => withdrawal.mutateAsync(request.id)}
      />
    </header>
  );
}

function Why({ request }: { request: RequestDetail }) {
  return (
    <section className="flex flex-col gap-2">
      <Callout tone={request.status === "pending" ? "hold" : "neutral"} title={capital(request.reason)}>
        Held by{" "}
        {request.policies.map((id, index) => (
          <span key={id}>
            {index > 0 ? ", " : ""}
            <Link
              href={`/policies?policy=${encodeURIComponent(id)}`}
              className="font-mono text-xs text-accent underline-offset-2 hover:underline"
            >
              {id}
            </Link>
          </span>
        ))}
      </Callout>
      {request.requestReason ? (
        <blockquote className="rounded-md border border-line bg-surface px-3 py-2 text-sm">
          <span className="overline-label block">The requester says</span>
          <span className="wrap-anywhere">{request.requestReason}</span>
        </blockquote>
      ) : (
        <p className="text-xs text-ink-faint">The requester gave no reason.</p>
      )}
    </section>
  );
}

function DecideBar({ request, onAsk }: RequestViewProps) {
  if (request.status !== "pending") return null;
  return (
    <footer className="flex min-h-14 items-center justify-end gap-3 border-t border-line bg-surface px-6 py-2">
      {request.reviewRefusal === null ? (
        <>
          <p className="flex-1 text-xs text-ink-muted">Your name and your reason go on the record.</p>
          <Button onClick={() => onAsk("deny")} className="text-deny">
            Deny <Kbd keys={["d"]} />
          </Button>
          <Button variant="primary" onClick={() => onAsk("approve")}>
            Approve <Kbd keys={["a"]} className="opacity-90" />
          </Button>
        </>
      ) : (
        <p className="flex-1 text-sm text-ink-muted">You cannot decide this: {request.reviewRefusal}.</p>
      )}
    </footer>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

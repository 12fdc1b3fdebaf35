import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { Countdown } from "@/components/approvals/countdown";
import { Severity } from "@/components/approvals/request-status";
import { PrincipalName } from "@/components/statements/principal-name";
import { SqlText } from "@/components/statements/sql-text";
import type { Inbox } from "@/lib/approval/inbox-view";

const shownMax = 5;

/** What waits for the viewer, soonest to expire first. */
export function WaitingList({ inbox }: { inbox: Inbox }) {
  if (inbox.items.length === 0) {
    const others = inbox.counts.open;
    return (
      <div className="flex flex-col items-center gap-2 px-4 py-8 text-center text-sm text-ink-muted">
        <CircleCheck className="size-5 text-allow" strokeWidth={1.75} aria-hidden />
        <p>Nothing waits for you.</p>
        {others > 0 ? (
          <Link href="/approvals?view=open" className="text-accent underline-offset-2 hover:underline">
            {others} {others === 1 ? "request waits" : "requests wait"} for others
          </Link>
        ) : null}
      </div>
    );
  }
  return (
    <ul>
      {inbox.items.slice(0, shownMax).map((item) => (
        <li key={item.id} className="border-b border-line last:border-b-0">
          <Link
            href={`/approvals/${item.id}?view=for-you`}
            className="flex flex-col gap-0.5 px-4 py-2 outline-offset-[-2px] hover:bg-hover"
          >
            <span className="flex items-center gap-2 text-sm">
              <PrincipalName principal={item.principal} className="min-w-0 flex-1 font-medium" />
              <Severity severity={item.severity} />
              <Countdown until={item.expiresAt} className="text-xs text-ink-muted" />
            </span>
            <SqlText sql={item.statement} oneLine className="truncate text-xs" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

import Link from "next/link";
import { decisionLooks } from "@/components/statements/decision-badge";
import { Badge } from "@/components/ui/badge";
import type { FeedRow } from "@/lib/audit/feed-row";
import type { StatementEvent } from "./event-trail";

type Asked = { action: string; resource: string; effect: "allow" | "deny" | "hold"; policies: string[] };

/** What the statement asked the policies, in order, and what each answered; the strictest answer counts. */
export function PolicyTrace({ row, events }: { row: FeedRow; events: StatementEvent[] | undefined }) {
  const asked = askedOf(events);
  if (asked.length === 0) {
    return (
      <p className="flex flex-wrap gap-1 text-xs text-ink-muted">
        {row.policies.length === 0
          ? "No policy permits it."
          : row.policies.map((id) => <PolicyLink key={id} id={id} />)}
      </p>
    );
  }
  return (
    <ol className="flex flex-col gap-1.5">
      {asked.map((request, index) => {
        const look = decisionLooks[request.effect];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the record of one statement never changes
          <li key={index} className="flex items-start gap-2 text-xs">
            <Badge tone={look.tone} icon={look.icon} className="w-16">
              {look.word}
            </Badge>
            <div className="min-w-0 flex-1 pt-0.5">
              <span className="font-medium">{request.action}</span>{" "}
              <code className="text-ink-muted wrap-anywhere">{request.resource}</code>
              <div className="flex flex-wrap gap-x-2">
                {request.policies.length === 0 ? (
                  <span className="text-ink-faint">no policy permits it</span>
                ) : (
                  request.policies.map((id) => <PolicyLink key={id} id={id} />)
                )}
              </div>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function PolicyLink({ id }: { id: string }) {
  return (
    <Link
      href={`/policies?policy=${encodeURIComponent(id)}`}
      className="font-mono text-2xs text-accent underline-offset-2 hover:underline"
    >
      {id}
    </Link>
  );
}

/** The requests of the first event that recorded them. */
function askedOf(events: StatementEvent[] | undefined): Asked[] {
  for (const event of events ?? []) {
    const requests: unknown = JSON.parse(event.leaf).requests;
    if (Array.isArray(requests)) return requests as Asked[];
  }
  return [];
}

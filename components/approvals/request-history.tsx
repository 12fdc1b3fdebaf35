import Link from "next/link";
import { SqlText } from "@/components/statements/sql-text";
import { formatCount } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RequestDetail } from "@/lib/approval/inbox-view";
import { RequestStatus } from "./request-status";

/** What the same principal did lately, and how similar requests ended. */
export function RequestHistory({ request }: { request: RequestDetail }) {
  const { history, principal } = request;
  const [kind, name] = [principal.slice(0, principal.indexOf("/")), principal.slice(principal.indexOf("/") + 1)];
  const feed = (decision?: string) =>
    `/feed?q=${encodeURIComponent(`${kind}:${name}${decision ? ` decision:${decision}` : ""}`)}`;
  return (
    <section>
      <h3 className="overline-label mb-2">The last {history.days} days</h3>
      <p className="text-sm text-ink-muted">
        <CountLink
          href={feed()}
          count={history.statements}
          word={history.statements === 1 ? "statement" : "statements"}
        />
        , <CountLink href={feed("hold")} count={history.held} word="held" />,{" "}
        <CountLink href={feed("deny")} count={history.denied} word="denied" />
      </p>
      {history.similar.length === 0 ? (
        <p className="mt-1 text-xs text-ink-faint">No earlier request under the same policies.</p>
      ) : (
        <ul className="mt-2 flex flex-col gap-1">
          {history.similar.map((similar) => (
            <li key={similar.id} className="flex items-center gap-2 text-xs">
              <RequestStatus status={similar.status} />
              <Link
                href={`/approvals/${similar.id}`}
                className="numeric text-accent underline-offset-2 hover:underline"
              >
                #{similar.id}
              </Link>
              <SqlText sql={similar.statement} oneLine className="min-w-0 flex-1 truncate" />
              <RelativeTime at={similar.at} className="text-ink-faint" />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function CountLink({ href, count, word }: { href: string; count: number; word: string }) {
  return (
    <Link href={href} className="numeric text-ink underline-offset-2 hover:underline">
      {formatCount(count)} {word}
    </Link>
  );
}

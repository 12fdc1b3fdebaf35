import Link from "next/link";
import { PrincipalName } from "@/components/statements/principal-name";
import { Copyable } from "@/components/ui/copyable";
import { Facts } from "@/components/ui/facts";
import { formatCount, formatDuration } from "@/components/ui/format-time";
import type { FeedRow } from "@/lib/audit/feed-row";

/** Who, from where, on what, and what it cost. */
export function SessionFacts({ row }: { row: FeedRow }) {
  return (
    <Facts
      facts={[
        { label: "Who", value: <PrincipalName principal={row.actor} /> },
        { label: "Answers for it", value: row.owner },
        { label: "On behalf of", value: row.onBehalfOf && `${row.onBehalfOf} (claimed)` },
        { label: "Database", value: row.database },
        { label: "Application", value: row.application },
        { label: "Address", value: row.address && <Copyable value={row.address} /> },
        {
          label: "Session",
          value: row.sessionId && (
            <Link
              href={`/feed?q=${encodeURIComponent(`session:${row.sessionId}`)}`}
              className="font-mono text-xs text-accent underline-offset-2 hover:underline"
            >
              {row.sessionId.slice(0, 8)}
            </Link>
          ),
        },
        { label: "Kind", value: row.statementKind },
        { label: "In transaction", value: row.inTransaction ? "yes" : null },
        { label: "Waited", value: row.heldMs === null ? null : formatDuration(row.heldMs) },
        { label: "Took", value: row.durationMs === null ? null : formatDuration(row.durationMs) },
        { label: "Bytes sent", value: row.bytes === null ? null : formatCount(row.bytes) },
        {
          label: "Fingerprint",
          value: row.fingerprint && (
            <Link
              href={`/feed?q=${encodeURIComponent(`fingerprint:${row.fingerprint}`)}`}
              title="Other statements of this shape"
              className="font-mono text-xs text-accent underline-offset-2 hover:underline"
            >
              {row.fingerprint}
            </Link>
          ),
        },
      ]}
    />
  );
}

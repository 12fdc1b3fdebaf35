import { clsx } from "clsx";
import { formatCount } from "@/components/ui/format-time";
import type { FeedRow } from "@/lib/audit/feed-row";

/** What came of a statement, in a few words: rows where it ran, the cause where it did not. */
export function StatementResult({ row }: { row: Pick<FeedRow, "state" | "rows" | "sqlstate"> }) {
  const { text, className } = describe(row);
  return <span className={clsx("numeric whitespace-nowrap", className)}>{text}</span>;
}

function describe({ state, rows, sqlstate }: Pick<FeedRow, "state" | "rows" | "sqlstate">) {
  switch (state) {
    case "ok":
      return {
        text: rows === null ? "done" : `${formatCount(BigInt(rows))} ${rows === "1" ? "row" : "rows"}`,
        className: "",
      };
    case "running":
      return { text: "running", className: "text-accent" };
    case "waiting":
      return { text: "waiting", className: "text-hold" };
    case "error":
      return { text: `error ${sqlstate ?? ""}`.trim(), className: "text-deny" };
    case "refused":
      return { text: `refused ${sqlstate ?? ""}`.trim(), className: "text-ink-muted" };
    case "cancelled":
      return { text: "cancelled", className: "text-ink-muted" };
    case "unknown":
      return { text: "unknown", className: "text-hold" };
  }
}

import { DecisionMark } from "@/components/statements/decision-badge";
import { SqlText } from "@/components/statements/sql-text";
import type { LogEvent } from "./audit-types";

/** What happened, in one line: the statement with its decision, or a sentence. */
export function EventSummary({ event }: { event: LogEvent }) {
  const { words } = event;
  if (words !== "") return <span className="text-ink">{words.charAt(0).toUpperCase() + words.slice(1)}</span>;
  if (event.statement === null) return <span className="text-ink-muted">{event.kind}</span>;
  return <SqlText sql={event.statement} oneLine className="text-xs" />;
}

const decisions = ["allow", "deny", "hold"] as const;

/** The decision that an event records, where it records one. */
export function EventDecision({ event }: { event: LogEvent }) {
  const decision = decisions.find((each) => each === event.decision);
  return decision === undefined ? null : <DecisionMark decision={decision} />;
}

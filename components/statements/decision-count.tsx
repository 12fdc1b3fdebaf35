import { clsx } from "clsx";

import { formatCount } from "@/components/ui/format-time";
import { type DecisionName, decisionLooks } from "./decision-badge";

const colours: Record<DecisionName, string> = { allow: "text-ink-muted", hold: "text-hold", deny: "text-deny" };

/** How often something was decided so: icon, number, and the word for screen readers and on hover. */
export function DecisionCount({ decision, count }: { decision: DecisionName; count: number }) {
  if (count === 0) return null;
  const { icon: Icon, past } = decisionLooks[decision];
  return (
    <span
      title={`${past}: ${formatCount(count)}`}
      className={clsx("numeric inline-flex items-center gap-1 text-xs", colours[decision])}
    >
      <Icon className="size-3" strokeWidth={2.25} aria-hidden />
      {formatCount(count)}
      <span className="sr-only"> {past.toLowerCase()}</span>
    </span>
  );
}

import { DecisionCount } from "@/components/statements/decision-count";
import type { ActivityRow } from "./identity-rows";

/** Statements of the last 24 hours by decision; what was never decided is left out. */
export function ActivityCounts({ activity }: { activity: ActivityRow | null }) {
  if (activity === null) return <span className="text-xs text-ink-faint">nothing</span>;
  return (
    <span className="inline-flex items-center gap-3">
      <DecisionCount decision="allow" count={activity.allow} />
      <DecisionCount decision="hold" count={activity.hold} />
      <DecisionCount decision="deny" count={activity.deny} />
    </span>
  );
}

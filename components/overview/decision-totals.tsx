import Link from "next/link";
import { type DecisionName, decisionLooks } from "@/components/statements/decision-badge";
import { formatCount } from "@/components/ui/format-time";
import type { ChartBucket } from "./decision-chart";

const names: DecisionName[] = ["allow", "hold", "deny"];
const colours = { allow: "text-ink-faint", hold: "text-hold", deny: "text-deny" };

type DecisionTotalsProps = {
  buckets: ChartBucket[];
  /** whether the numbers lead to the feed */
  linked: boolean;
};

/** The chart's legend and its sums; each number opens the list behind it. */
export function DecisionTotals({ buckets, linked }: DecisionTotalsProps) {
  return (
    <ul className="flex gap-x-8 gap-y-3 md:flex-col">
      {names.map((name) => {
        const look = decisionLooks[name];
        const count = formatCount(buckets.reduce((sum, bucket) => sum + bucket[name], 0));
        return (
          <li key={name}>
            <span className="flex items-center gap-1 text-xs text-ink-muted">
              <look.icon className={`size-3.5 ${colours[name]}`} aria-hidden />
              {look.past}
            </span>
            <span className="numeric text-2xl font-semibold tracking-[-0.02em]">
              {linked ? (
                <Link href={`/feed?q=decision:${name}`} className="underline-offset-4 hover:underline">
                  {count}
                </Link>
              ) : (
                count
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

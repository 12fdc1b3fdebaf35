import type { HoldSettings } from "./compiled";
import type { HoldTerms } from "./types";

const severities = ["low", "medium", "high"] as const;

/**
 * What several holds demand together: per group the largest quorum, every `@also`, the shortest times,
 * the channels they share (the console when they share none), the highest severity.
 */
export function combineHolds(holds: readonly [HoldSettings, ...HoldSettings[]]): HoldTerms {
  const quorum = new Map<string, number>();
  for (const hold of holds) quorum.set(hold.group, Math.max(hold.quorum, quorum.get(hold.group) ?? 0));
  const expiresSeconds = Math.min(...holds.map((hold) => hold.expiresSeconds));
  const covers = holds.map((hold) => hold.lasts).filter((lasts) => lasts !== "once");
  const channels = holds[0].channels.filter((channel) => holds.every((hold) => hold.channels.includes(channel)));
  return {
    quorum: [...quorum].map(([group, count]) => ({ group, count })),
    also: [...new Set(holds.map((hold) => hold.also).filter((group) => group !== null))],
    expiresSeconds,
    waitSeconds: Math.min(expiresSeconds, ...holds.map((hold) => hold.waitSeconds)),
    lasts: covers.length < holds.length ? "once" : Math.min(...covers),
    channels: channels.length > 0 ? channels : ["console"],
    severity: severities[Math.max(...holds.map((hold) => severities.indexOf(hold.severity)))]!,
  };
}

/** How many different people it takes. */
export function peopleNeeded(terms: Pick<HoldTerms, "quorum" | "also">): number {
  return terms.quorum.reduce((sum, { count }) => sum + count, terms.also.length);
}

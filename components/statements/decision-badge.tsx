import { clsx } from "clsx";
import { Ban, CircleCheck, EyeOff, Hand, type LucideIcon } from "lucide-react";
import { Badge, type BadgeTone } from "@/components/ui/badge";

export type DecisionName = "allow" | "deny" | "hold";

/** Icon, word and colour of each decision: the same everywhere, and distinguishable without the colour. */
export const decisionLooks: Record<DecisionName, { word: string; past: string; tone: BadgeTone; icon: LucideIcon }> = {
  allow: { word: "allow", past: "Allowed", tone: "allow", icon: CircleCheck },
  hold: { word: "hold", past: "Held", tone: "hold", icon: Hand },
  deny: { word: "deny", past: "Denied", tone: "deny", icon: Ban },
};

/** What was decided on a statement. */
export function DecisionBadge({ decision, className }: { decision: DecisionName; className?: string }) {
  const look = decisionLooks[decision];
  return (
    <Badge tone={look.tone} icon={look.icon} className={className}>
      {look.past}
    </Badge>
  );
}

const quietColours: Record<DecisionName, string> = { allow: "text-allow", hold: "text-hold", deny: "text-deny" };

/** The decision in a table: what was allowed stays quiet, what was held or denied stands out. */
export function DecisionMark({ decision }: { decision: DecisionName }) {
  const look = decisionLooks[decision];
  if (decision !== "allow") return <DecisionBadge decision={decision} className="w-18" />;
  return (
    <span className="inline-flex items-center gap-1 px-1.5 align-middle text-xs text-ink-muted">
      <look.icon className={clsx("size-3", quietColours[decision])} strokeWidth={2.25} aria-hidden />
      {look.past}
    </span>
  );
}

/** A property, not a decision: some columns of the result were masked. */
export function MaskedBadge({ count, columns }: { count?: number; columns?: string[] }) {
  return (
    <Badge tone="masked" icon={EyeOff} title={columns?.join("\n")}>
      {count === undefined ? "Masked" : `${count} masked`}
    </Badge>
  );
}

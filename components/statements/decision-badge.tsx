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

/** A property, not a decision: some columns of the result were masked. */
export function MaskedBadge({ count, columns }: { count?: number; columns?: string[] }) {
  return (
    <Badge tone="masked" icon={EyeOff} title={columns?.join("\n")}>
      {count === undefined ? "Masked" : `${count} masked`}
    </Badge>
  );
}

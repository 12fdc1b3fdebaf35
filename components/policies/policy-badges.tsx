import { Ban, CircleCheck, Eye, Gauge, Hand, PowerOff } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { PolicyRow } from "./policy-rows";

type Shown = Pick<PolicyRow, "effect" | "settings">;

/** What a policy does where it applies: permit, forbid or hold. */
export function EffectBadge({ policy }: { policy: Shown }) {
  const { effect, settings } = policy;
  if (settings.hold !== null) {
    return (
      <Badge tone="hold" icon={Hand} className="w-18">
        hold
      </Badge>
    );
  }
  return effect === "permit" ? (
    <Badge tone="allow" icon={CircleCheck} className="w-18">
      permit
    </Badge>
  ) : (
    <Badge tone="deny" icon={Ban} className="w-18">
      forbid
    </Badge>
  );
}

/** What is special about a policy: who is asked, that it only watches, that it is a budget. */
export function SettingBadges({ policy }: { policy: Shown }) {
  const { hold, budget, mode } = policy.settings;
  return (
    <span className="flex flex-wrap gap-1">
      {hold === null ? null : <Badge>{reviewers(hold)}</Badge>}
      {budget === null ? null : <Badge icon={Gauge}>budget of {budget}</Badge>}
      {mode === "observe" ? (
        <Badge icon={Eye} title="Its answers are recorded and decide nothing">
          observes only
        </Badge>
      ) : null}
      {mode === "off" ? <Badge icon={PowerOff}>off</Badge> : null}
    </span>
  );
}

function reviewers(hold: NonNullable<Shown["settings"]["hold"]>): string {
  const first = hold.quorum === 1 ? hold.group : `${hold.quorum} of ${hold.group}`;
  return hold.also === null ? `asks ${first}` : `asks ${first} and ${hold.also}`;
}

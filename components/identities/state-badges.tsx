import { CircleCheck, CircleDashed, Clock, Snowflake, UserX } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { Role } from "@/lib/access/permissions";
import { type AgentRow, agentState, type PersonRow, type TokenRow, tokenState } from "./identity-rows";

export const roleWords: Record<Role, string> = {
  admin: "Admin",
  reviewer: "Reviewer",
  auditor: "Auditor",
  requester: "Requester",
};

export const roleHints: Record<Role, string> = {
  admin: "writes policies, manages people, agents and databases",
  reviewer: "signs for what its groups are asked, sees everything else",
  auditor: "reads and exports the record",
  requester: "asks for access and sees its own requests",
};

/** What is as it should be stays quiet; what is not stands out. */
function Quiet({ children }: { children: string }) {
  return (
    <span className="inline-flex items-center gap-1 text-xs text-ink-muted">
      <CircleCheck className="size-3 text-allow" strokeWidth={2.25} aria-hidden /> {children}
    </span>
  );
}

export function AgentStateBadge({ agent, now }: { agent: AgentRow; now: number }) {
  switch (agentState(agent, now)) {
    case "active":
      return <Quiet>Active</Quiet>;
    case "frozen":
      return (
        <Badge tone="deny" icon={Snowflake}>
          Frozen
        </Badge>
      );
    case "expired":
      return (
        <Badge tone="deny" icon={Clock}>
          Expired
        </Badge>
      );
    case "stopped":
      return (
        <Badge tone="deny" icon={UserX} title="Its owner is disabled: nobody answers for it">
          Owner disabled
        </Badge>
      );
  }
}

export function PersonStateBadge({ person }: { person: PersonRow }) {
  if (person.disabledAt !== null) {
    return (
      <Badge tone="deny" icon={UserX}>
        Disabled
      </Badge>
    );
  }
  if (person.bound) return <Quiet>Active</Quiet>;
  return (
    <Badge icon={CircleDashed} title="The first verified sign-in with this address is bound to this person">
      Never signed in
    </Badge>
  );
}

export function TokenStateBadge({ token, now }: { token: TokenRow; now: number }) {
  const state = tokenState(token, now);
  if (state === "live") return <Quiet>Live</Quiet>;
  return <Badge icon={state === "expired" ? Clock : UserX}>{state === "expired" ? "Expired" : "Revoked"}</Badge>;
}

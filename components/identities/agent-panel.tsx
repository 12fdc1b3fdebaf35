"use client";

import { Bot, Snowflake, Sun } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { useMay, useViewer } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { useNow } from "@/components/ui/clock";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Copyable } from "@/components/ui/copyable";
import { Facts } from "@/components/ui/facts";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RelativeTime } from "@/components/ui/relative-time";
import { SidePanel } from "@/components/ui/side-panel";
import { toast } from "@/components/ui/toast";
import { mayIssueToken } from "@/lib/access/token-rule";
import { ActivityCounts } from "./activity-counts";
import type { BrokerPlace } from "./identities-view";
import { type AgentRow, agentState, type Identities } from "./identity-rows";
import { Memberships } from "./memberships";
import { PanelPart } from "./panel-part";
import { AgentStateBadge } from "./state-badges";
import { TokenList } from "./token-list";

type AgentPanelProps = { agent: AgentRow; identities: Identities; broker: BrokerPlace; onClose: () => void };

/** One agent: who answers for it, what it is part of, how it logs in, and the switch that stops it everywhere. */
export function AgentPanel({ agent, identities, broker, onClose }: AgentPanelProps) {
  const viewer = useViewer();
  const now = useNow();
  const principal = { kind: "agent" as const, owner: agent.owner };
  const state = agentState(agent, now);
  return (
    <SidePanel
      label={`Agent ${agent.name}`}
      onClose={onClose}
      title={
        <div className="flex items-center gap-2.5">
          <Bot className="size-4 text-ink-faint" aria-hidden />
          <h2 className="truncate text-sm font-semibold">{agent.name}</h2>
          <AgentStateBadge agent={agent} now={now} />
        </div>
      }
      actions={<FreezeButton agent={agent} />}
    >
      <div className="flex flex-col divide-y divide-line">
        {state === "frozen" && agent.frozenAt !== null ? (
          <div className="p-4">
            <Callout tone="deny" icon={Snowflake} title="Frozen everywhere">
              <RelativeTime at={agent.frozenAt} />. Its sessions were ended and it cannot log in until it is unfrozen.
            </Callout>
          </div>
        ) : null}
        <PanelPart title="Agent">
          <AgentFacts agent={agent} />
        </PanelPart>
        <PanelPart title="Groups">
          <Memberships
            principal={`agent/${agent.name}`}
            groups={agent.groups}
            known={identities.groups.map(({ name }) => name)}
          />
        </PanelPart>
        {agent.tokens === null ? null : (
          <TokenList
            name={agent.name}
            principal={`agent/${agent.name}`}
            mayIssue={mayIssueToken({ viewer, principal })}
            broker={broker}
          />
        )}
      </div>
    </SidePanel>
  );
}

function AgentFacts({ agent }: { agent: AgentRow }) {
  return (
    <>
      <Facts
        facts={[
          { label: "Principal", value: <Copyable value={`agent/${agent.name}`} /> },
          { label: "Owner", value: <IdentityLink tab="people" name={agent.owner} /> },
          { label: "Expires", value: agent.expiresAt && <RelativeTime at={agent.expiresAt} /> },
          { label: "Added", value: <RelativeTime at={agent.createdAt} /> },
          { label: "Last 24 hours", value: <ActivityCounts activity={agent.activity} /> },
          { label: "Last statement", value: agent.activity?.lastAt && <RelativeTime at={agent.activity.lastAt} /> },
        ]}
      />
      <Link
        href={`/feed?q=${encodeURIComponent(`agent:${agent.name}`)}`}
        className="mt-2 inline-block text-xs font-medium text-accent underline-offset-2 hover:underline"
      >
        Everything it did
      </Link>
    </>
  );
}

/** A link to another identity of this page. */
export function IdentityLink({ tab, name }: { tab: "agents" | "people" | "groups"; name: string }) {
  return (
    <Link
      href={`/identities?tab=${tab}&name=${encodeURIComponent(name)}`}
      className="text-accent underline-offset-2 hover:underline"
    >
      {name}
    </Link>
  );
}

function FreezeButton({ agent }: { agent: AgentRow }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const { run } = useChange();
  const frozen = agent.frozenAt !== null;
  if (!useMay("identity.write")) return null;
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        {frozen ? <Sun aria-hidden /> : <Snowflake aria-hidden />} {frozen ? "Unfreeze" : "Freeze"}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger={!frozen}
        title={frozen ? `Let ${agent.name} go on?` : `Freeze ${agent.name} everywhere?`}
        description={
          frozen
            ? "It can log in again with the tokens that are live."
            : "Its sessions end within two seconds, on every broker; what it waits for is withdrawn. It cannot log in until somebody unfreezes it."
        }
        action={frozen ? `Unfreeze ${agent.name}` : `Freeze ${agent.name}`}
        onConfirm={async () => {
          const body = { frozen: !frozen, ...(frozen || reason.trim() === "" ? {} : { reason: reason.trim() }) };
          await run({ path: `/api/agents/${agent.name}`, method: "PATCH", body });
          toast(frozen ? `${agent.name} can log in again` : `${agent.name} is frozen`);
        }}
      >
        {frozen ? null : (
          <Field label="Reason" optional hint="Kept in the record.">
            <Input value={reason} onChange={(event) => setReason(event.target.value)} />
          </Field>
        )}
      </ConfirmDialog>
    </>
  );
}

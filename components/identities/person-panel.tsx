"use client";

import { UserRound } from "lucide-react";
import { useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { useMay, useViewer } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Copyable } from "@/components/ui/copyable";
import { Facts } from "@/components/ui/facts";
import { FieldError } from "@/components/ui/field";
import { RelativeTime } from "@/components/ui/relative-time";
import { Select } from "@/components/ui/select";
import { SidePanel } from "@/components/ui/side-panel";
import { toast } from "@/components/ui/toast";
import { type Role, roles } from "@/lib/access/permissions";
import { mayIssueToken, maySeeToken } from "@/lib/access/token-rule";
import { ActivityCounts } from "./activity-counts";
import { IdentityLink } from "./agent-panel";
import type { BrokerPlace } from "./identities-view";
import type { Identities, PersonRow } from "./identity-rows";
import { Memberships } from "./memberships";
import { PanelPart } from "./panel-part";
import { PersonStateBadge, roleHints, roleWords } from "./state-badges";
import { TokenList } from "./token-list";

type PersonPanelProps = { person: PersonRow; identities: Identities; broker: BrokerPlace; onClose: () => void };

/** One person: role, groups, the agents they answer for, and how they log in. */
export function PersonPanel({ person, identities, broker, onClose }: PersonPanelProps) {
  const viewer = useViewer();
  const principal = { kind: "person" as const, owner: person.email };
  return (
    <SidePanel
      label={`Person ${person.name}`}
      onClose={onClose}
      title={
        <div className="flex items-center gap-2.5">
          <UserRound className="size-4 text-ink-faint" aria-hidden />
          <h2 className="truncate text-sm font-semibold">{person.name}</h2>
          <PersonStateBadge person={person} />
        </div>
      }
      actions={<EnableButton person={person} />}
    >
      <div className="flex flex-col divide-y divide-line">
        <PanelPart title="Person">
          <Facts
            facts={[
              { label: "Principal", value: <Copyable value={`person/${person.email}`} /> },
              { label: "Added", value: <RelativeTime at={person.createdAt} /> },
              { label: "Disabled", value: person.disabledAt && <RelativeTime at={person.disabledAt} /> },
              { label: "Last 24 hours", value: <ActivityCounts activity={person.activity} /> },
              {
                label: "Answers for",
                value:
                  person.agents.length === 0 ? null : (
                    <span className="flex flex-wrap gap-x-3">
                      {person.agents.map((name) => (
                        <IdentityLink key={name} tab="agents" name={name} />
                      ))}
                    </span>
                  ),
              },
            ]}
          />
        </PanelPart>
        <PanelPart title="Role in the console">
          <RoleChoice person={person} />
        </PanelPart>
        <PanelPart title="Groups">
          <Memberships
            principal={`person/${person.email}`}
            groups={person.groups}
            known={identities.groups.map(({ name }) => name)}
          />
        </PanelPart>
        {maySeeToken({ viewer, principal }) ? (
          <TokenList
            name={person.email}
            principal={`person/${person.email}`}
            mayIssue={mayIssueToken({ viewer, principal })}
            broker={broker}
          />
        ) : null}
      </div>
    </SidePanel>
  );
}

function RoleChoice({ person }: { person: PersonRow }) {
  const viewer = useViewer();
  const mayWrite = useMay("identity.write") && person.email !== viewer.email;
  const [wanted, setWanted] = useState<Role | null>(null);
  const { run, error } = useChange();
  if (!mayWrite) {
    return (
      <p className="text-sm">
        {roleWords[person.role]} <span className="text-xs text-ink-muted">{roleHints[person.role]}</span>
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-1">
      <Select aria-label="Role" value={person.role} onChange={(event) => setWanted(event.target.value as Role)}>
        {roles.map((role) => (
          <option key={role} value={role}>
            {roleWords[role]}: {roleHints[role]}
          </option>
        ))}
      </Select>
      {error ? <FieldError>{error}</FieldError> : null}
      <ConfirmDialog
        open={wanted !== null}
        onOpenChange={(open) => (open ? undefined : setWanted(null))}
        title={`Make ${person.name} ${wanted === null ? "" : roleWords[wanted].toLowerCase()}?`}
        description={`Now ${roleWords[person.role].toLowerCase()}. It counts from the next click on, and is recorded.`}
        action={`Change role of ${person.name}`}
        onConfirm={() =>
          run({ path: `/api/people/${encodeURIComponent(person.email)}`, method: "PATCH", body: { role: wanted } })
        }
      />
    </div>
  );
}

function EnableButton({ person }: { person: PersonRow }) {
  const viewer = useViewer();
  const mayWrite = useMay("identity.write");
  const [asking, setAsking] = useState(false);
  const { run } = useChange();
  if (!mayWrite || person.email === viewer.email) return null;
  const enabled = person.disabledAt === null;
  const agents = person.agents.length === 0 ? "" : ` The agents they own stop too: ${person.agents.join(", ")}.`;
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        {enabled ? "Disable" : "Enable"}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger={enabled}
        title={enabled ? `Disable ${person.name}?` : `Enable ${person.name} again?`}
        description={
          enabled
            ? `They are signed out at once, their sessions end and they cannot come back.${agents}`
            : "They can sign in again, with the role and groups shown; agents they own go on."
        }
        action={enabled ? `Disable ${person.name}` : `Enable ${person.name}`}
        onConfirm={async () => {
          const path = `/api/people/${encodeURIComponent(person.email)}`;
          await run({ path, method: "PATCH", body: { enabled: !enabled } });
          toast(enabled ? `${person.name} is disabled` : `${person.name} is enabled`);
        }}
      />
    </>
  );
}

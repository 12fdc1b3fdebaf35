"use client";

import { Plus, UsersRound, X } from "lucide-react";
import { useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { useMay } from "@/components/shell/viewer";
import { PrincipalName } from "@/components/statements/principal-name";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Copyable } from "@/components/ui/copyable";
import { FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { SidePanel } from "@/components/ui/side-panel";
import type { GroupRow, Identities } from "./identity-rows";
import { leaving } from "./memberships";
import { PanelPart } from "./panel-part";

type GroupPanelProps = { group: GroupRow; identities: Identities; onClose: () => void };

/** One group and who is in it. */
export function GroupPanel({ group, identities, onClose }: GroupPanelProps) {
  const mayWrite = useMay("identity.write");
  const members = [...group.agents.map((name) => `agent/${name}`), ...group.people.map((email) => `person/${email}`)];
  const everybody = [
    ...identities.agents.map(({ name }) => `agent/${name}`),
    ...identities.people.map(({ email }) => `person/${email}`),
  ];
  return (
    <SidePanel
      label={`Group ${group.name}`}
      onClose={onClose}
      title={
        <div className="flex items-center gap-2.5">
          <UsersRound className="size-4 text-ink-faint" aria-hidden />
          <h2 className="truncate text-sm font-semibold">{group.name}</h2>
        </div>
      }
      actions={mayWrite && group.source === "local" ? <RemoveGroup group={group} onRemoved={onClose} /> : null}
    >
      <div className="flex flex-col divide-y divide-line">
        <PanelPart title="In policies">
          <Copyable value={`Group::"${group.name}"`} />
          {group.source === "idp" ? (
            <Callout className="mt-2">The identity provider made it; who signs in may be put into it there.</Callout>
          ) : null}
        </PanelPart>
        <PanelPart title={`Members (${members.length})`}>
          <Members group={group.name} members={members} others={everybody.filter((one) => !members.includes(one))} />
        </PanelPart>
      </div>
    </SidePanel>
  );
}

function Members({ group, members, others }: { group: string; members: string[]; others: string[] }) {
  const mayWrite = useMay("identity.write");
  const [wanted, setWanted] = useState("");
  const { run, busy, error } = useChange();
  const change = (promise: Promise<unknown>) => promise.then(() => setWanted("")).catch(() => undefined);
  return (
    <div className="flex flex-col gap-2">
      {members.length === 0 ? (
        <p className="text-xs text-ink-muted">Nobody yet: a hold that asks this group could not be released.</p>
      ) : (
        <ul>
          {members.map((principal) => (
            <li key={principal} className="flex min-h-8 items-center gap-2 border-b border-line last:border-b-0">
              <PrincipalName principal={principal} className="flex-1 text-sm" />
              {mayWrite ? (
                <Button
                  variant="quiet"
                  size="icon-sm"
                  aria-label={`Take ${principal} out of ${group}`}
                  disabled={busy}
                  onClick={() => change(run(leaving(group, principal)))}
                >
                  <X aria-hidden />
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {mayWrite && others.length > 0 ? (
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            const path = `/api/groups/${encodeURIComponent(group)}/members`;
            void change(run({ path, body: { principal: wanted } }));
          }}
        >
          <Select aria-label="Member" value={wanted} onChange={(event) => setWanted(event.target.value)}>
            <option value="">Add an agent or a person…</option>
            {others.map((principal) => (
              <option key={principal}>{principal}</option>
            ))}
          </Select>
          <Button type="submit" disabled={wanted === ""} busy={busy && wanted !== ""}>
            <Plus aria-hidden /> Add
          </Button>
        </form>
      ) : null}
      {error ? <FieldError>{error}</FieldError> : null}
    </div>
  );
}

function RemoveGroup({ group, onRemoved }: { group: GroupRow; onRemoved: () => void }) {
  const [asking, setAsking] = useState(false);
  const { run } = useChange();
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={`Remove the group ${group.name}?`}
        description="Its memberships and its logins to databases go with it. Groups that the policies in force name cannot be removed."
        action={`Remove ${group.name}`}
        onConfirm={async () => {
          await run({ path: `/api/groups/${encodeURIComponent(group.name)}`, method: "DELETE" });
          onRemoved();
        }}
      />
    </>
  );
}

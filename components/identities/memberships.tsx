"use client";

import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { useMay } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

type MembershipsProps = {
  /** `agent/NAME` or `person/EMAIL` */
  principal: string;
  groups: string[];
  /** every group there is */
  known: string[];
};

/** The groups of one principal; a change counts for its running sessions at once. */
export function Memberships({ principal, groups, known }: MembershipsProps) {
  const mayWrite = useMay("identity.write");
  const [wanted, setWanted] = useState("");
  const { run, busy, error } = useChange();
  const others = known.filter((group) => !groups.includes(group));
  const change = (promise: Promise<unknown>) => promise.then(() => setWanted("")).catch(() => undefined);
  return (
    <div className="flex flex-col gap-2">
      <ul className="flex flex-wrap gap-1">
        {groups.map((group) => (
          <li
            key={group}
            className="inline-flex h-6 items-center gap-1 rounded-sm border border-line bg-sunken pl-2 font-mono text-2xs last:pr-0"
          >
            <span className={mayWrite ? undefined : "pr-2"}>{group}</span>
            {mayWrite ? (
              <Button
                variant="quiet"
                size="icon-sm"
                aria-label={`Leave ${group}`}
                disabled={busy}
                onClick={() => change(run(leaving(group, principal)))}
              >
                <X aria-hidden />
              </Button>
            ) : null}
          </li>
        ))}
        {groups.length === 0 ? <li className="text-xs text-ink-muted">In no group.</li> : null}
      </ul>
      {mayWrite && others.length > 0 ? (
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            void change(run({ path: `/api/groups/${encodeURIComponent(wanted)}/members`, body: { principal } }));
          }}
        >
          <Select aria-label="Group" value={wanted} onChange={(event) => setWanted(event.target.value)}>
            <option value="">Add to a group…</option>
            {others.map((group) => (
              <option key={group}>{group}</option>
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

/** The change that takes a principal out of a group. */
export function leaving(group: string, principal: string) {
  const query = new URLSearchParams({ principal });
  return { path: `/api/groups/${encodeURIComponent(group)}/members?${query}`, method: "DELETE" as const };
}

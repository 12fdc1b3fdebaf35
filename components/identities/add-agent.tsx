"use client";

import { useState } from "react";
import { useViewer } from "@/components/shell/viewer";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { AddForm } from "./add-form";
import { ChooseGroups } from "./choose-groups";
import type { Identities } from "./identity-rows";

const dayMs = 24 * 60 * 60 * 1_000;

type AddAgentProps = { identities: Identities; onClose: () => void; onAdded: (name: string) => void };

export function AddAgent({ identities, onClose, onAdded }: AddAgentProps) {
  const viewer = useViewer();
  const [name, setName] = useState("");
  const [owner, setOwner] = useState(viewer.email);
  const [days, setDays] = useState("");
  const [groups, setGroups] = useState<string[]>([]);
  const owners = identities.people.filter(({ disabledAt }) => disabledAt === null);
  return (
    <AddForm
      title="Add agent"
      description="A program with a login of its own. Its owner answers for it, and never reviews what it asks for."
      onClose={onClose}
      onAdded={() => onAdded(name.trim())}
      change={() => ({
        path: "/api/agents",
        body: {
          name: name.trim(),
          owner,
          groups,
          expiresAt: days === "" ? null : new Date(Date.now() + Number(days) * dayMs).toISOString(),
        },
      })}
    >
      <Field label="Name" required hint="Lower-case letters, digits and hyphens. It is the user name of the login.">
        <Input
          mono
          value={name}
          autoComplete="off"
          placeholder="billing-agent"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label="Owner">
        <Select value={owner} onChange={(event) => setOwner(event.target.value)}>
          {owners.map((person) => (
            <option key={person.email} value={person.email}>
              {person.name} ({person.email})
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Lives for">
        <Select value={days} onChange={(event) => setDays(event.target.value)}>
          <option value="">until it is frozen</option>
          <option value="1">1 day</option>
          <option value="7">7 days</option>
          <option value="30">30 days</option>
          <option value="365">1 year</option>
        </Select>
      </Field>
      <ChooseGroups known={identities.groups.map((group) => group.name)} chosen={groups} onChange={setGroups} />
    </AddForm>
  );
}

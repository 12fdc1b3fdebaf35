"use client";

import { useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type Role, roles } from "@/lib/access/permissions";
import { AddForm } from "./add-form";
import { ChooseGroups } from "./choose-groups";
import type { GroupRow } from "./identity-rows";
import { roleHints, roleWords } from "./state-badges";

type AddPersonProps = { groups: GroupRow[]; onClose: () => void; onAdded: (email: string) => void };

export function AddPerson({ groups: known, onClose, onAdded }: AddPersonProps) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("requester");
  const [groups, setGroups] = useState<string[]>([]);
  return (
    <AddForm
      title="Add person"
      description="They sign in through your identity provider; the first verified sign-in with this address becomes theirs."
      onClose={onClose}
      onAdded={() => onAdded(email.trim().toLowerCase())}
      change={() => ({
        path: "/api/people",
        body: { email: email.trim(), name: name.trim() || undefined, role, groups },
      })}
    >
      <Field label="E-mail" required>
        <Input type="email" value={email} autoComplete="off" onChange={(event) => setEmail(event.target.value)} />
      </Field>
      <Field label="Name" optional>
        <Input value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="Role" hint={roleHints[role]}>
        <Select value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {roles.map((each) => (
            <option key={each} value={each}>
              {roleWords[each]}
            </option>
          ))}
        </Select>
      </Field>
      <ChooseGroups known={known.map((group) => group.name)} chosen={groups} onChange={setGroups} />
    </AddForm>
  );
}

"use client";

import { useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { AddForm } from "./add-form";

export function AddGroup({ onClose, onAdded }: { onClose: () => void; onAdded: (name: string) => void }) {
  const [name, setName] = useState("");
  return (
    <AddForm
      title="Add group"
      description="Policies name groups, and reviews are asked of them. Members are added afterwards."
      onClose={onClose}
      onAdded={() => onAdded(name.trim())}
      change={() => ({ path: "/api/groups", body: { name } })}
    >
      <Field label="Name" required hint='As policies write it: Group::"security".'>
        <Input mono value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
    </AddForm>
  );
}

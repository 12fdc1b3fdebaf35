"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { BundleFiles } from "@/lib/policy/types";

type SaveDraftProps = { files: BundleFiles; changed: string[]; faulty: boolean; onClose: () => void };

/** Keeps the work as a new version, and goes there to see the difference and activate it. */
export function SaveDraft({ files, changed, faulty, onClose }: SaveDraftProps) {
  const router = useRouter();
  const [note, setNote] = useState("");
  const { run, busy, error } = useChange<{ version: number }>();

  async function save(event: FormEvent) {
    event.preventDefault();
    try {
      const { version } = await run({ path: "/api/policies", body: { files, note } });
      router.push(`/policies/versions/${version}`);
    } catch {
      // shown below; nothing that was typed is lost
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Save draft"
      description="A new version, which decides nothing before it is activated."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="save-draft" busy={busy}>
            Save draft
          </Button>
        </>
      }
    >
      <form id="save-draft" onSubmit={save} className="flex flex-col gap-3">
        <Field label="What changes, and why" hint={`Changed: ${changed.join(", ")}`}>
          <Input value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
        </Field>
        {faulty ? <Callout tone="hold">It has errors: it can be kept, but not activated.</Callout> : null}
        {error ? <Callout tone="deny">{error}</Callout> : null}
      </form>
    </Dialog>
  );
}

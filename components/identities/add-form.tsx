"use client";

import type { FormEvent, ReactNode } from "react";
import { type Change, useChange } from "@/components/forms/use-change";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";

type AddFormProps = {
  title: string;
  description: string;
  /** what is sent; asked for when the form is */
  change: () => Change;
  onClose: () => void;
  onAdded: () => void;
  children: ReactNode;
};

/** A dialog that adds something; an error is shown in it and keeps what was typed. */
export function AddForm({ title, description, change, onClose, onAdded, children }: AddFormProps) {
  const { run, busy, error } = useChange<unknown>();
  async function submit(event: FormEvent) {
    event.preventDefault();
    try {
      await run(change());
      onAdded();
    } catch {
      // shown below
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="add-identity" busy={busy}>
            {title}
          </Button>
        </>
      }
    >
      <form id="add-identity" className="flex flex-col gap-4" onSubmit={submit}>
        {children}
        {error ? <Callout tone="deny">{error}</Callout> : null}
      </form>
    </Dialog>
  );
}

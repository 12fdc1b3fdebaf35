"use client";

import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { Callout } from "./callout";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { Input } from "./input";

type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What happens, to what, and whether it can be undone. */
  description: ReactNode;
  /** The verb and the thing: "Revoke token", not "OK". */
  action: string;
  danger?: boolean;
  /** Must be typed before the action is possible: the name of what is destroyed. */
  typeToConfirm?: string;
  /** May reject: the message is shown and the dialog stays open. */
  onConfirm: () => Promise<void> | void;
  children?: ReactNode;
};

/** Asks before something that cannot be taken back, by naming it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, description, action, danger, typeToConfirm, onConfirm, children } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [typed, setTyped] = useState("");

  function change(next: boolean) {
    if (!next) {
      setError(null);
      setTyped("");
    }
    onOpenChange(next);
  }

  async function confirm() {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      change(false);
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : "That did not work. Try again.");
    } finally {
      setBusy(false);
    }
  }

  const locked = typeToConfirm !== undefined && typed !== typeToConfirm;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button variant={danger ? "danger" : "primary"} busy={busy} disabled={locked} onClick={confirm}>
            {action}
          </Button>
        </>
      }
    >
      {children || typeToConfirm || error ? (
        <div className="flex flex-col gap-3">
          {children}
          {typeToConfirm ? <TypedName name={typeToConfirm} typed={typed} onTyped={setTyped} /> : null}
          {error ? <Callout tone="deny">{error}</Callout> : null}
        </div>
      ) : null}
    </Dialog>
  );
}

type TypedNameProps = { name: string; typed: string; onTyped: (typed: string) => void };

function TypedName({ name, typed, onTyped }: TypedNameProps) {
  return (
    <Field
      label={
        <>
          Type <code className="rounded-sm bg-sunken px-1">{name}</code> to confirm
        </>
      }
    >
      <Input mono value={typed} autoComplete="off" onChange={(event) => onTyped(event.target.value)} />
    </Field>
  );
}

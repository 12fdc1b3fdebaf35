"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import type { RequestDetail } from "@/lib/approval/inbox-view";
import { useVote, type VoteResult } from "./use-approvals";

type DecideDialogProps = {
  request: RequestDetail;
  /** which question is asked; null: none */
  asking: "approve" | "deny" | null;
  onClose: () => void;
  /** the vote was cast: the next request may be shown */
  onDecided: () => void;
};

const reasonCharactersMax = 2_000;

/** Approve asks for confirmation, deny for a reason. What was typed stays when the vote fails. */
export function DecideDialog({ request, asking, onClose, onDecided }: DecideDialogProps) {
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const vote = useVote();
  const deny = asking === "deny";

  function close() {
    setMissing(false);
    vote.reset();
    onClose();
  }
  function decided(result: VoteResult) {
    toast(outcomeText(request.id, result));
    setReason("");
    close();
    onDecided();
  }
  function submit() {
    if (asking === null) return;
    if (deny && reason.trim() === "") setMissing(true);
    else vote.mutate({ id: request.id, vote: asking, reason: reason.trim() }, { onSuccess: decided });
  }

  return (
    <Dialog
      open={asking !== null}
      onOpenChange={(open) => (open ? undefined : close())}
      title={deny ? `Deny request ${request.id}?` : `Approve request ${request.id}?`}
      description={deny ? deniedText(request) : approvedText(request)}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" form="decide" variant={deny ? "danger" : "primary"} busy={vote.isPending}>
            {deny ? "Deny" : "Approve"}
          </Button>
        </>
      }
    >
      <ReasonForm
        required={deny}
        reason={reason}
        onReason={setReason}
        missing={missing}
        fault={vote.error?.message}
        onSubmit={submit}
      />
    </Dialog>
  );
}

type ReasonFormProps = {
  required: boolean;
  reason: string;
  onReason: (reason: string) => void;
  missing: boolean;
  fault: string | undefined;
  onSubmit: () => void;
};

function ReasonForm({ required, reason, onReason, missing, fault, onSubmit }: ReasonFormProps) {
  return (
    <form
      id="decide"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Field
        label="Reason"
        optional={!required}
        hint={required ? "The requester reads it." : undefined}
        error={missing && reason.trim() === "" ? "Say why, so that the requester knows what to do instead." : null}
      >
        <Textarea
          value={reason}
          maxLength={reasonCharactersMax}
          onChange={(event) => onReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) onSubmit();
          }}
        />
      </Field>
      {fault === undefined ? null : <Callout tone="deny">{sentence(fault)}</Callout>}
    </form>
  );
}

function approvedText(request: RequestDetail): string {
  const who = request.principal.slice(request.principal.indexOf("/") + 1);
  const times =
    request.lasts === "once"
      ? "once, exactly as shown"
      : `for ${Math.round(request.lasts / 60)} minutes, whatever its values`;
  const others = request.signatures.need - request.signatures.have - 1;
  const more = others > 0 ? ` It then still needs ${others} more ${others === 1 ? "signature" : "signatures"}.` : "";
  return `You sign for ${who} running this ${request.statementKind.toUpperCase()} on ${request.database} ${times}.${more}`;
}

function deniedText(request: RequestDetail): string {
  return `One denial ends the request. ${request.principal.slice(request.principal.indexOf("/") + 1)} is told at once.`;
}

function outcomeText(id: number, result: VoteResult): string {
  if (result.status === "approved")
    return `Request ${id} is approved. The statement runs now if its client still waits.`;
  if (result.status === "denied") return `Request ${id} is denied.`;
  const groups = result.missing.map(({ group, need }) => (need > 1 ? `${need} of ${group}` : group)).join(" and ");
  return `You signed request ${id}. It still waits for ${groups}.`;
}

/** Messages of the API begin in lower case. */
function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith(".") ? "" : "."}`;
}

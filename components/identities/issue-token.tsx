"use client";

import { type FormEvent, useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { RelativeTime } from "@/components/ui/relative-time";
import { Select } from "@/components/ui/select";
import type { BrokerPlace } from "./identities-view";

type Issued = { id: string; secret: string; expiresAt: string | null };

const hour = 3_600;
const day = 24 * hour;
const lives: { seconds: number | null; label: string }[] = [
  { seconds: hour, label: "1 hour" },
  { seconds: 8 * hour, label: "8 hours" },
  { seconds: day, label: "1 day" },
  { seconds: 7 * day, label: "7 days" },
  { seconds: 30 * day, label: "30 days" },
  { seconds: 90 * day, label: "90 days" },
  { seconds: null, label: "until it is revoked" },
];

type IssueTokenProps = {
  name: string;
  principal: string;
  broker: BrokerPlace;
  onIssued: () => void;
  onClose: () => void;
};

/** Makes a token and shows its secret, this once. */
export function IssueToken({ name, principal, broker, onIssued, onClose }: IssueTokenProps) {
  const [life, setLife] = useState(String(30 * day));
  const [issued, setIssued] = useState<Issued | null>(null);
  const { run, busy, error } = useChange<Issued>();

  async function issue(event: FormEvent) {
    event.preventDefault();
    const ttlSeconds = life === "" ? null : Number(life);
    try {
      setIssued(await run({ path: "/api/tokens", body: { principal, ttlSeconds } }));
      onIssued();
    } catch {
      // shown in the form
    }
  }

  if (issued !== null) return <Secret issued={issued} name={name} broker={broker} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Issue a token for ${name}`}
      description="It is the password of the database login. You are recorded as its issuer, and cannot review what its sessions ask for."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="issue-token" busy={busy}>
            Issue token
          </Button>
        </>
      }
    >
      <form id="issue-token" onSubmit={issue} className="flex flex-col gap-3">
        <Field label="Valid for">
          <Select value={life} onChange={(event) => setLife(event.target.value)}>
            {lives.map(({ seconds, label }) => (
              <option key={label} value={seconds ?? ""}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {error ? <Callout tone="deny">{error}</Callout> : null}
      </form>
    </Dialog>
  );
}

type SecretProps = { issued: Issued; name: string; broker: BrokerPlace; onClose: () => void };

function Secret({ issued, name, broker, onClose }: SecretProps) {
  const { host, port, database } = broker;
  const psql = `psql "host=${host} port=${port} user=${name} dbname=${database} password=${issued.secret}"`;
  const url = `postgres://${encodeURIComponent(name)}:${issued.secret}@${host}:${port}/${database}`;
  return (
    <Dialog
      open
      width="md"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`The new token of ${name}`}
      description="This is the only time that it is shown. Countersign keeps what checks it, not the token."
      footer={
        <Button variant="primary" onClick={onClose}>
          I have kept it
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Labelled label="Token">
          <CodeBlock value={issued.secret} label="Copy token" wrap />
        </Labelled>
        <Labelled label="With psql">
          <CodeBlock value={psql} label="Copy command" wrap />
        </Labelled>
        <Labelled label="As a connection URL">
          <CodeBlock value={url} label="Copy URL" wrap />
        </Labelled>
        <p className="text-xs text-ink-muted">
          {issued.expiresAt === null ? (
            "It is valid until it is revoked."
          ) : (
            <>
              It expires <RelativeTime at={issued.expiresAt} />.
            </>
          )}
        </p>
      </div>
    </Dialog>
  );
}

function Labelled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <p className="mb-1 text-sm font-medium">{label}</p>
      {children}
    </div>
  );
}

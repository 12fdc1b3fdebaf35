"use client";

import { type FormEvent, useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { ConnectionTest, useConnectionTest } from "./connection-test";
import { parseLabels } from "./database-rows";
import { describeSync, type SyncAnswer } from "./sync-state";

type AddDatabaseProps = { onClose: () => void; onAdded: (name: string) => void };

/** What stands in the form. */
type Typed = { name: string; url: string; labels: string };

/** Registers an upstream. Its connection is tried first; a failure is shown and can be overruled. */
export function AddDatabase({ onClose, onAdded }: AddDatabaseProps) {
  const [typed, setTyped] = useState<Typed>({ name: "", url: "", labels: "env=production" });
  const { add, test, saving, error, labelFault } = useRegistration(typed, onAdded);
  return (
    <Dialog
      open
      width="md"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Add database"
      description="The broker logs in with this URL for every session. Give it a login of its own, without more rights than its users need."
      footer={
        <Footer
          failed={test.trial?.ok === false}
          testing={test.busy}
          saving={saving}
          onClose={onClose}
          onTest={typed.url === "" ? null : () => void test.run(typed.url)}
          onForce={() => void add({ untested: true })}
        />
      }
    >
      <form
        id="add-database"
        className="flex flex-col gap-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void add();
        }}
      >
        <DatabaseFields
          typed={typed}
          labelFault={labelFault}
          onChange={(next) => {
            setTyped(next);
            if (next.url !== typed.url) test.reset();
          }}
        />
        <ConnectionTest test={test} />
        {error ? <Callout tone="deny">{error}</Callout> : null}
      </form>
    </Dialog>
  );
}

function useRegistration({ name, url, labels }: Typed, onAdded: (name: string) => void) {
  const [labelFault, setLabelFault] = useState<string | null>(null);
  const test = useConnectionTest();
  const save = useChange<{ name: string; sync: SyncAnswer }>();
  async function add(options: { untested?: boolean } = {}) {
    const read = parseLabels(labels);
    setLabelFault("fault" in read ? read.fault : null);
    if ("fault" in read) return;
    save.reset();
    if (!options.untested && !(await test.run(url))) return;
    try {
      const { sync } = await save.run({ path: "/api/databases", body: { name, url, labels: read.labels } });
      if (sync.outcome === "synced") toast(`${name} is registered: ${describeSync(sync)}`);
      else toast(`${name} is registered, but its catalog cannot be read: ${sync.error}`, "failed");
      onAdded(name);
    } catch {
      // shown in the form, which keeps what was typed
    }
  }
  return { add, test, saving: save.busy, error: save.error, labelFault };
}

type DatabaseFieldsProps = { typed: Typed; labelFault: string | null; onChange: (typed: Typed) => void };

function DatabaseFields({ typed, labelFault, onChange }: DatabaseFieldsProps) {
  return (
    <>
      <Field label="Name" required hint="What clients say as dbname, and policies as Database::. It cannot be changed.">
        <Input
          mono
          value={typed.name}
          autoComplete="off"
          placeholder="shop"
          onChange={(event) => onChange({ ...typed, name: event.target.value })}
        />
      </Field>
      <Field label="Connection URL" required hint="With ?sslmode=verify-full where the network is not yours alone.">
        <Input
          mono
          value={typed.url}
          autoComplete="off"
          spellCheck={false}
          placeholder="postgres://broker:password@db.internal:5432/shop"
          onChange={(event) => onChange({ ...typed, url: event.target.value })}
        />
      </Field>
      <Field
        label="Labels"
        optional
        error={labelFault}
        hint="key=value, divided by spaces. Policies match them: DatabaseLabel::&quot;env=production&quot;."
      >
        <Input
          mono
          value={typed.labels}
          autoComplete="off"
          onChange={(event) => onChange({ ...typed, labels: event.target.value })}
        />
      </Field>
    </>
  );
}

type FooterProps = {
  /** the connection was tried and does not work */
  failed: boolean;
  testing: boolean;
  saving: boolean;
  onClose: () => void;
  /** null: there is nothing to test yet */
  onTest: (() => void) | null;
  onForce: () => void;
};

function Footer({ failed, testing, saving, onClose, onTest, onForce }: FooterProps) {
  return (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button onClick={onTest ?? undefined} busy={testing} disabled={onTest === null}>
        Test connection
      </Button>
      {failed ? (
        <Button onClick={onForce} busy={saving}>
          Add without a connection
        </Button>
      ) : null}
      <Button variant="primary" type="submit" form="add-database" busy={saving}>
        Add database
      </Button>
    </>
  );
}

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

/** Registers an upstream. Its connection is tried first; a failure is shown and can be overruled. */
export function AddDatabase({ onClose, onAdded }: AddDatabaseProps) {
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [labelText, setLabelText] = useState("env=production");
  const [labelFault, setLabelFault] = useState<string | null>(null);
  const test = useConnectionTest();
  const save = useChange<{ name: string; sync: SyncAnswer }>();

  async function add(options: { untested?: boolean } = {}) {
    const read = parseLabels(labelText);
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

  const failed = test.trial?.ok === false;
  return (
    <Dialog
      open
      width="md"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Add database"
      description="The broker logs in with this URL for every session. Give it a login of its own, without more rights than its users need."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button onClick={() => void test.run(url)} busy={test.busy} disabled={url === ""}>
            Test connection
          </Button>
          {failed ? (
            <Button onClick={() => void add({ untested: true })} busy={save.busy}>
              Add without a connection
            </Button>
          ) : null}
          <Button variant="primary" type="submit" form="add-database" busy={save.busy}>
            Add database
          </Button>
        </>
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
        <Field
          label="Name"
          required
          hint="What clients say as dbname, and policies as Database::. It cannot be changed."
        >
          <Input
            mono
            value={name}
            autoComplete="off"
            placeholder="shop"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label="Connection URL" required hint="With ?sslmode=verify-full where the network is not yours alone.">
          <Input
            mono
            value={url}
            autoComplete="off"
            spellCheck={false}
            placeholder="postgres://broker:password@db.internal:5432/shop"
            onChange={(event) => {
              setUrl(event.target.value);
              test.reset();
            }}
          />
        </Field>
        <Field
          label="Labels"
          optional
          error={labelFault}
          hint="key=value, divided by spaces. Policies match them: DatabaseLabel::&quot;env=production&quot;."
        >
          <Input mono value={labelText} autoComplete="off" onChange={(event) => setLabelText(event.target.value)} />
        </Field>
        <ConnectionTest test={test} />
        {save.error ? <Callout tone="deny">{save.error}</Callout> : null}
      </form>
    </Dialog>
  );
}

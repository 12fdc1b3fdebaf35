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
import { describeSync, type SyncAnswer } from "./sync-state";

/** Another address or other credentials for a registered upstream; it must be reachable. */
export function ChangeConnection({ name, onClose }: { name: string; onClose: () => void }) {
  const [url, setUrl] = useState("");
  const test = useConnectionTest();
  const save = useChange<{ sync: SyncAnswer }>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await test.run(url))) return;
    try {
      const { sync } = await save.run({ path: `/api/databases/${name}`, method: "PATCH", body: { url } });
      if (sync.outcome === "synced") toast(`${name}: ${describeSync(sync)}`);
      else toast(`${name}: ${sync.error}`, "failed");
      onClose();
    } catch {
      // shown in the form
    }
  }

  return (
    <Dialog
      open
      width="md"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Change the connection of ${name}`}
      description="New sessions use it from now on. Labels and logins of groups stay."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="change-connection" busy={test.busy || save.busy}>
            Test and change
          </Button>
        </>
      }
    >
      <form id="change-connection" className="flex flex-col gap-4" onSubmit={submit}>
        <Field label="Connection URL" required hint="The one in use cannot be shown.">
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
        <ConnectionTest test={test} />
        {save.error ? <Callout tone="deny">{save.error}</Callout> : null}
      </form>
    </Dialog>
  );
}

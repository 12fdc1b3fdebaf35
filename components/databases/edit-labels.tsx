"use client";

import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { type DatabaseRow, formatLabels, parseLabels } from "./database-rows";
import { DatabaseLabels } from "./sync-state";

/** A database's labels; changing them changes which policies apply, at once. */
export function EditLabels({ database, mayWrite }: { database: DatabaseRow; mayWrite: boolean }) {
  const [text, setText] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const { run, busy, error } = useChange();

  async function save(event: FormEvent) {
    event.preventDefault();
    const read = parseLabels(text ?? "");
    setFault("fault" in read ? read.fault : null);
    if ("fault" in read) return;
    try {
      await run({ path: `/api/databases/${database.name}`, method: "PATCH", body: { labels: read.labels } });
      setText(null);
    } catch {
      // shown at the field
    }
  }

  if (text === null) {
    return (
      <div className="flex min-h-6 items-center gap-2">
        {Object.keys(database.labels).length > 0 ? (
          <DatabaseLabels labels={database.labels} />
        ) : (
          <span className="text-xs text-ink-muted">No labels: policies for env=production do not apply here.</span>
        )}
        {mayWrite ? (
          <Button
            variant="quiet"
            size="icon-sm"
            aria-label="Edit labels"
            onClick={() => setText(formatLabels(database.labels))}
          >
            <Pencil aria-hidden />
          </Button>
        ) : null}
      </div>
    );
  }
  return (
    <form onSubmit={save} className="flex flex-col gap-2">
      <Field
        label="Labels, one key=value per line"
        error={fault ?? error}
        hint="Which policies apply changes with them, for running sessions too."
      >
        <Textarea mono value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <div className="flex gap-2">
        <Button size="sm" variant="primary" type="submit" busy={busy}>
          Save labels
        </Button>
        <Button size="sm" onClick={() => setText(null)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

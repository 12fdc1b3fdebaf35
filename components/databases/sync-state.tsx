"use client";

import { CircleAlert, CircleCheck, CircleDashed, RefreshCw } from "lucide-react";
import { useChange } from "@/components/forms/use-change";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { formatCount } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import type { DatabaseRow } from "./database-rows";

/** `synced` where the catalog was read, `failed` with what the upstream said. */
export type SyncAnswer =
  | { outcome: "synced"; changed: boolean; relations: number; functions: number }
  | { outcome: "failed"; error: string };

/** Whether the broker's picture of the upstream is fresh, old or missing. */
export function SyncState({ database }: { database: Pick<DatabaseRow, "syncedAt" | "syncError"> }) {
  const { syncedAt, syncError } = database;
  const read = syncedAt === null ? null : <RelativeTime at={syncedAt} className="text-xs text-ink-muted" />;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      {syncError !== null ? (
        <Badge tone="deny" icon={CircleAlert} title={syncError}>
          {syncedAt === null ? "Not read" : "Last sync failed"}
        </Badge>
      ) : syncedAt === null ? (
        <Badge tone="hold" icon={CircleDashed}>
          Not read yet
        </Badge>
      ) : (
        <CircleCheck className="size-3.5 text-allow" aria-label="Read" />
      )}
      {read}
    </span>
  );
}

/** Reads the catalog again, now. */
export function SyncButton({ name, children = "Sync" }: { name: string; children?: string }) {
  const { run, busy } = useChange<SyncAnswer>();
  async function sync() {
    try {
      const answer = await run({ path: `/api/databases/${name}/sync` });
      if (answer.outcome === "failed") toast(`${name}: ${answer.error}`, "failed");
      else toast(`${name}: ${describeSync(answer)}`);
    } catch (error) {
      toast(error instanceof Error ? error.message : "That did not work. Try again.", "failed");
    }
  }
  return (
    <Button size="sm" busy={busy} onClick={sync} aria-label={`${children} ${name}`}>
      {busy ? null : <RefreshCw aria-hidden />} {children}
    </Button>
  );
}

export function describeSync(answer: Extract<SyncAnswer, { outcome: "synced" }>): string {
  const holds = `${formatCount(answer.relations)} relations and ${formatCount(answer.functions)} functions`;
  return answer.changed ? `${holds}, something changed` : `${holds}, nothing changed`;
}

/** `key=value` of each label; policies name them as DatabaseLabel. */
export function DatabaseLabels({ labels }: { labels: Record<string, string> }) {
  return (
    <span className="flex flex-wrap gap-1">
      {Object.entries(labels).map(([key, value]) => (
        <Badge key={key} mono>
          {key}={value}
        </Badge>
      ))}
    </span>
  );
}

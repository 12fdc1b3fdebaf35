"use client";

import { useQuery } from "@tanstack/react-query";
import { Unplug } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { requestJson } from "@/components/shell/request-json";
import { useMay } from "@/components/shell/viewer";
import { PrincipalName } from "@/components/statements/principal-name";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { CommandLine } from "@/components/ui/command-line";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Copyable } from "@/components/ui/copyable";
import { Facts } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";
import { SidePanel } from "@/components/ui/side-panel";
import { Skeleton } from "@/components/ui/skeleton";
import { ChangeConnection } from "./change-connection";
import { type DatabaseRow, formatServerVersion } from "./database-rows";
import { EditLabels } from "./edit-labels";
import { SyncButton, SyncState } from "./sync-state";

type Detail = {
  database: DatabaseRow;
  schemas: { schema: string; tables: number; views: number; partitions: number }[];
  events: { position: string; kind: string; at: string; actor: string | null }[];
};

type DatabasePanelProps = { database: DatabaseRow; broker: { host: string; port: number }; onClose: () => void };

/** Everything that is known of one upstream, and what can be done about it. */
export function DatabasePanel({ database, broker, onClose }: DatabasePanelProps) {
  const mayWrite = useMay("database.write");
  const { name, syncError } = database;
  const { data } = useQuery({
    // A newer sync has newer counts and events.
    queryKey: ["database", name, database.syncedAt, database.address, database.labels],
    queryFn: ({ signal }) => requestJson<Detail>(`/api/databases/${name}`, { signal }),
    placeholderData: (previous) => previous,
  });
  return (
    <SidePanel
      label={`Database ${name}`}
      onClose={onClose}
      title={
        <div className="flex items-center gap-2.5">
          <h2 className="truncate text-sm font-semibold">{name}</h2>
          <SyncState database={database} />
        </div>
      }
      actions={mayWrite ? <SyncButton name={name} /> : null}
    >
      <div className="flex flex-col divide-y divide-line">
        {syncError === null ? null : (
          <div className="p-4">
            <Callout tone="deny" title="The catalog could not be read">
              {syncError}
              <br />
              The last one that could be read stays in force; names that it lacks are refused.
            </Callout>
          </div>
        )}
        <Part title="Connect">
          <CommandLine
            command={`psql "host=${broker.host} port=${broker.port} user=NAME dbname=${name} password=TOKEN"`}
          />
        </Part>
        <Part title="Upstream">
          <DatabaseFacts database={database} />
        </Part>
        <Part title="Labels">
          <EditLabels database={database} mayWrite={mayWrite} />
        </Part>
        <Part title="Catalog">
          {data === undefined ? <Skeleton className="h-16" /> : <Schemas schemas={data.schemas} name={name} />}
        </Part>
        <Part title="Changes">
          {data === undefined ? <Skeleton className="h-16" /> : <Events events={data.events} />}
        </Part>
        {mayWrite ? <Actions name={name} onRemoved={onClose} /> : null}
      </div>
    </SidePanel>
  );
}

function DatabaseFacts({ database }: { database: DatabaseRow }) {
  return (
    <Facts
      facts={[
        { label: "Address", value: <Copyable value={database.address} /> },
        { label: "Server", value: database.serverVersion && formatServerVersion(database.serverVersion) },
        {
          label: "Logins of groups",
          value: database.roleGroups.length > 0 ? database.roleGroups.join(", ") : "none: one login for everybody",
        },
        { label: "Catalog hash", value: database.catalogHash && <Copyable value={database.catalogHash} /> },
        { label: "Registered", value: <RelativeTime at={database.createdAt} /> },
      ]}
    />
  );
}

function Schemas({ schemas, name }: { schemas: Detail["schemas"]; name: string }) {
  if (schemas.length === 0) return <p className="text-xs text-ink-muted">The catalog has not been read yet.</p>;
  return (
    <>
      <ul className="flex flex-col gap-1">
        {schemas.map(({ schema, tables, views, partitions }) => (
          <li key={schema} className="flex items-baseline gap-3 text-sm">
            <code className="flex-1 truncate text-xs">{schema}</code>
            <span className="numeric text-xs text-ink-muted">
              {[
                `${formatCount(tables)} tables`,
                views > 0 ? `${formatCount(views)} views` : null,
                partitions > 0 ? `${formatCount(partitions)} partitions` : null,
              ]
                .filter(Boolean)
                .join(", ")}
            </span>
          </li>
        ))}
      </ul>
      <Link
        href={`/masking?database=${encodeURIComponent(name)}`}
        className="mt-2 inline-block text-xs font-medium text-accent underline-offset-2 hover:underline"
      >
        Columns, labels and masks
      </Link>
    </>
  );
}

const words: Record<string, string> = {
  "database.added": "Registered",
  "database.changed": "Registration changed",
  "database.synced": "Catalog read",
  "database.syncFailed": "Catalog could not be read",
};

function Events({ events }: { events: Detail["events"] }) {
  if (events.length === 0) return <p className="text-xs text-ink-muted">Nothing recorded yet.</p>;
  return (
    <ol className="flex flex-col gap-1">
      {events.map((event) => (
        <li key={event.position} className="flex items-center gap-3 text-xs">
          <span className="min-w-0 flex-1 truncate">{words[event.kind] ?? event.kind}</span>
          {event.actor === null ? null : <PrincipalName principal={event.actor} className="text-ink-muted" />}
          <RelativeTime at={event.at} className="w-20 text-right text-ink-faint" />
        </li>
      ))}
    </ol>
  );
}

function Actions({ name, onRemoved }: { name: string; onRemoved: () => void }) {
  const [dialog, setDialog] = useState<"connection" | "remove" | null>(null);
  const { run } = useChange();
  return (
    <div className="flex flex-wrap gap-2 p-4">
      <Button size="sm" onClick={() => setDialog("connection")}>
        <Unplug aria-hidden /> Change connection
      </Button>
      <Button size="sm" onClick={() => setDialog("remove")}>
        Remove
      </Button>
      {dialog === "connection" ? <ChangeConnection name={name} onClose={() => setDialog(null)} /> : null}
      <ConfirmDialog
        open={dialog === "remove"}
        onOpenChange={(open) => setDialog(open ? "remove" : null)}
        danger
        title={`Remove ${name}?`}
        description="Its credentials and catalog are deleted and sessions on it end. What was recorded about it stays in the log."
        action={`Remove ${name}`}
        typeToConfirm={name}
        onConfirm={async () => {
          await run({ path: `/api/databases/${name}`, method: "DELETE" });
          onRemoved();
        }}
      />
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="px-4 py-3">
      <h3 className="overline-label mb-2">{title}</h3>
      {children}
    </section>
  );
}

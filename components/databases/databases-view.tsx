"use client";

import { clsx } from "clsx";
import { Database, Plus } from "lucide-react";
import { useState } from "react";
import { useAddress } from "@/components/forms/use-address";
import { useMay } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-time";
import { PageHeader } from "@/components/ui/page-header";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { AddDatabase } from "./add-database";
import { DatabasePanel } from "./database-panel";
import { type DatabaseRow, formatServerVersion } from "./database-rows";
import { DatabaseLabels, SyncButton, SyncState } from "./sync-state";

type DatabasesViewProps = { databases: DatabaseRow[]; broker: { host: string; port: number } };

/** The upstreams that the broker fronts, and how fresh what it knows of them is. */
export function DatabasesView({ databases, broker }: DatabasesViewProps) {
  const mayWrite = useMay("database.write");
  const [adding, setAdding] = useState(false);
  const [selected, select] = useAddress("database");
  const shown = databases.find(({ name }) => name === selected);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <PageHeader
        title="Databases"
        description="What sits behind the broker. Credentials are encrypted and never shown again."
        actions={
          mayWrite ? (
            <Button variant="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden /> Add database
            </Button>
          ) : null
        }
      />
      <div className="relative flex min-h-0 flex-1 border-t border-line bg-surface">
        {databases.length === 0 ? (
          <div className="flex-1">
            <EmptyState
              icon={Database}
              title="No database yet"
              command="npx countersign database add NAME --url postgres://… --label env=production"
            >
              Register the upstreams that agents and people reach through the broker. Their catalogs are read at once.
            </EmptyState>
          </div>
        ) : (
          <DatabaseTable databases={databases} selected={shown?.name ?? null} onSelect={select} mayWrite={mayWrite} />
        )}
        {shown === undefined ? null : (
          <DatabasePanel key={shown.name} database={shown} broker={broker} onClose={() => select(null)} />
        )}
      </div>
      {adding ? (
        <AddDatabase
          onClose={() => setAdding(false)}
          onAdded={(name) => {
            setAdding(false);
            select(name);
          }}
        />
      ) : null}
    </div>
  );
}

type DatabaseTableProps = {
  databases: DatabaseRow[];
  selected: string | null;
  onSelect: (name: string) => void;
  mayWrite: boolean;
};

function DatabaseTable({ databases, selected, onSelect, mayWrite }: DatabaseTableProps) {
  // What the panel shows anyway leaves the room to it.
  const aside = selected === null ? undefined : "hidden";
  return (
    <Table label="Databases" scrollClassName="flex-1">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Address</Th>
          <Th>Labels</Th>
          <Th className={aside}>Server</Th>
          <Th align="end">Relations</Th>
          <Th align="end" className={aside}>
            Functions
          </Th>
          <Th>Catalog</Th>
          <Th className={aside}>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {databases.map((database) => (
          <DatabaseLine
            key={database.name}
            database={database}
            selected={database.name === selected}
            aside={aside}
            mayWrite={mayWrite}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </Table>
  );
}

type DatabaseLineProps = Pick<DatabaseTableProps, "mayWrite" | "onSelect"> & {
  database: DatabaseRow;
  selected: boolean;
  aside: string | undefined;
};

function DatabaseLine({ database, selected, aside, mayWrite, onSelect }: DatabaseLineProps) {
  return (
    <Tr interactive selected={selected} onClick={() => onSelect(database.name)}>
      <Td>
        <button type="button" className="min-h-6 rounded-sm font-medium">
          {database.name}
        </button>
      </Td>
      <Td mono className="text-ink-muted">
        {database.address}
      </Td>
      <Td>
        <DatabaseLabels labels={database.labels} />
      </Td>
      <Td className={clsx("whitespace-nowrap text-ink-muted", aside)}>
        {database.serverVersion === null ? "" : formatServerVersion(database.serverVersion)}
      </Td>
      <Td align="end" numeric>
        {database.relations === null ? "" : formatCount(database.relations)}
      </Td>
      <Td align="end" numeric className={aside}>
        {database.functions === null ? "" : formatCount(database.functions)}
      </Td>
      <Td>
        <SyncState database={database} />
      </Td>
      <Td align="end" className={aside} onClick={(event) => event.stopPropagation()}>
        {mayWrite ? <SyncButton name={database.name} /> : null}
      </Td>
    </Tr>
  );
}

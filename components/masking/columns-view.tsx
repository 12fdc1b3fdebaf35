"use client";

import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useMemo, useState } from "react";
import { useAddress } from "@/components/forms/use-address";
import { requestJson } from "@/components/shell/request-json";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Input } from "@/components/ui/input";
import { Segments } from "@/components/ui/segments";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ColumnTree } from "./column-tree";
import { CoverageStrip } from "./coverage-strip";
import { type ColumnKind, columnKinds, filterTables } from "./filter-tables";
import type { MaskedCatalog } from "./masking-rows";
import type { InitialCatalog } from "./masking-view";
import { StatementTrial } from "./statement-trial";

type ColumnsViewProps = { databases: string[]; principals: string[]; initial: InitialCatalog };

/** Every column of a database as one principal sees it. */
export function ColumnsView({ databases, principals, initial }: ColumnsViewProps) {
  const [wanted, setDatabase] = useAddress("database");
  const [named, setAs] = useAddress("as");
  const [trial, setTrial] = useAddress("try");
  const [kind, setKind] = useState<ColumnKind>("all");
  const [text, setText] = useState("");
  const database = databases.find((name) => name === wanted) ?? initial.database ?? "";
  const as = principals.find((name) => name === named) ?? "";
  const { data, error } = useMaskedCatalog({ database, as, initial });
  const tables = useMemo(() => filterTables(data?.tables ?? [], { kind, text }), [data, kind, text]);
  const counts = useMemo(() => columnKinds(data?.tables ?? []), [data]);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-6 py-3">
        {databases.length > 1 ? (
          <Select
            aria-label="Database"
            className="w-40!"
            value={database}
            onChange={(event) => setDatabase(event.target.value)}
          >
            {databases.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        ) : null}
        <Select
          aria-label="View as"
          className="w-72!"
          value={as}
          onChange={(event) => setAs(event.target.value === "" ? null : event.target.value)}
        >
          <option value="">View as an agent in no group</option>
          {principals.map((name) => (
            <option key={name} value={name}>
              View as {name}
            </option>
          ))}
        </Select>
        <Segments
          label="Columns"
          value={kind}
          onChange={setKind}
          segments={[
            { value: "all", label: "All", count: counts.all },
            { value: "masked", label: "Masked", count: counts.masked },
            { value: "open", label: "Sensitive in clear", count: counts.open },
            { value: "unlabelled", label: "Not judged", count: counts.unlabelled },
          ]}
        />
        <Input
          aria-label="Find a column"
          className="w-52!"
          placeholder="Find table, column or label"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="flex-1" />
        <Button onClick={() => setTrial(trial === null ? "" : null)}>
          <FlaskConical aria-hidden /> Try a statement
        </Button>
      </div>
      {data === undefined ? null : <CoverageStrip coverage={data.coverage} as={as} />}
      <div className="relative flex min-h-0 flex-1 border-t border-line bg-surface">
        <div className="min-w-0 flex-1 overflow-y-auto">
          {error ? (
            <Callout tone="deny" title="The masks cannot be shown" className="m-4">
              {error.message}
            </Callout>
          ) : data === undefined ? (
            <SkeletonRows rows={12} />
          ) : (
            <ColumnTree
              tables={tables}
              narrowed={kind !== "all" || text !== ""}
              aside={trial !== null}
              onTry={setTrial}
            />
          )}
        </div>
        {trial === null ? null : (
          <StatementTrial
            key={trial}
            database={database}
            as={as}
            table={trial === "" ? (data?.tables[0] ?? null) : (data?.tables.find((one) => idOf(one) === trial) ?? null)}
            onClose={() => setTrial(null)}
          />
        )}
      </div>
    </>
  );
}

/** How a table is named in the address. */
export function idOf({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`;
}

type CatalogQuestion = { database: string; as: string; initial: InitialCatalog };

function useMaskedCatalog({ database, as, initial }: CatalogQuestion) {
  const known = initial.database === database && initial.as === as ? initial.catalog : null;
  return useQuery({
    queryKey: ["masked-catalog", database, as],
    queryFn: ({ signal }) =>
      requestJson<MaskedCatalog>(`/api/masking?${new URLSearchParams({ database, as })}`, { signal }),
    initialData: known ?? undefined,
    enabled: database !== "",
  });
}

"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useMemo, useState } from "react";
import { useAddress } from "@/components/forms/use-address";
import { requestJson } from "@/components/shell/request-json";
import { Callout } from "@/components/ui/callout";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ColumnTree } from "./column-tree";
import { ColumnsBar } from "./columns-bar";
import { CoverageStrip } from "./coverage-strip";
import { filterTables, type Narrowing, tableId } from "./filter-tables";
import type { MaskedCatalog, TableRow } from "./masking-rows";
import { StatementTrial } from "./statement-trial";

const noTables: TableRow[] = [];

type ColumnsViewProps = { databases: string[]; principals: string[] };

/** Every column of a database as one principal sees it. */
export function ColumnsView({ databases, principals }: ColumnsViewProps) {
  const [wanted, setDatabase] = useAddress("database");
  const [named, setAs] = useAddress("as");
  const [trial, setTrial] = useAddress("try");
  const [narrowing, setNarrowing] = useState<Narrowing>({ kind: "all", text: "" });
  const database = databases.find((name) => name === wanted) ?? databases[0] ?? "";
  const as = principals.find((name) => name === named) ?? "";
  const { data, error, isPlaceholderData } = useMaskedCatalog(database, as);
  const tables = useMemo(() => filterTables(data?.tables ?? noTables, narrowing), [data, narrowing]);
  return (
    <>
      <ColumnsBar
        databases={databases}
        database={database}
        onDatabase={setDatabase}
        principals={principals}
        as={as}
        onAs={setAs}
        tables={data?.tables ?? noTables}
        narrowing={narrowing}
        onNarrow={setNarrowing}
        onTry={() => setTrial(trial === null ? "" : null)}
      />
      <CoverageStrip coverage={data?.coverage} as={as} />
      <div className="relative flex min-h-0 flex-1 border-t border-line bg-surface">
        <div className={clsx("min-w-0 flex-1 overflow-y-auto", isPlaceholderData && "opacity-60")}>
          {error ? (
            <Callout tone="deny" title="The masks cannot be shown" className="m-4">
              {error.message}
            </Callout>
          ) : data === undefined ? (
            <SkeletonRows rows={12} />
          ) : (
            <ColumnTree
              tables={tables}
              narrowed={narrowing.kind !== "all" || narrowing.text !== ""}
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
            table={
              trial === "" ? (data?.tables[0] ?? null) : (data?.tables.find((one) => tableId(one) === trial) ?? null)
            }
            onClose={() => setTrial(null)}
          />
        )}
      </div>
    </>
  );
}

/** Not part of the page itself: after a change the first who asks waits for the policies to be compiled. */
function useMaskedCatalog(database: string, as: string) {
  return useQuery({
    queryKey: ["masked-catalog", database, as],
    queryFn: ({ signal }) =>
      requestJson<MaskedCatalog>(`/api/masking?${new URLSearchParams({ database, as })}`, { signal }),
    placeholderData: (previous, query) => (query?.queryKey[1] === database ? previous : undefined),
  });
}

"use client";

import { FlaskConical } from "lucide-react";
import { useMemo } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Segments } from "@/components/ui/segments";
import { Select } from "@/components/ui/select";
import { columnKinds, type Narrowing } from "./filter-tables";
import type { TableRow } from "./masking-rows";

type ColumnsBarProps = {
  databases: string[];
  database: string;
  onDatabase: (name: string) => void;
  /** `agent/NAME` and `person/EMAIL` */
  principals: string[];
  /** empty: nobody in particular */
  as: string;
  onAs: (name: string | null) => void;
  tables: TableRow[];
  narrowing: Narrowing;
  onNarrow: (narrowing: Narrowing) => void;
  onTry: () => void;
};

/** Which database, as whom, and which columns of it. */
export function ColumnsBar(props: ColumnsBarProps) {
  const { databases, database, onDatabase, principals, as, onAs, tables, narrowing, onNarrow, onTry } = props;
  const counts = useMemo(() => columnKinds(tables), [tables]);
  return (
    <div className="flex flex-wrap items-center gap-2 px-6 py-3">
      {databases.length > 1 ? (
        <Select
          aria-label="Database"
          className="w-40!"
          value={database}
          onChange={(event) => onDatabase(event.target.value)}
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
        onChange={(event) => onAs(event.target.value === "" ? null : event.target.value)}
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
        value={narrowing.kind}
        onChange={(kind) => onNarrow({ ...narrowing, kind })}
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
        value={narrowing.text}
        onChange={(event) => onNarrow({ ...narrowing, text: event.target.value })}
      />
      <div className="flex-1" />
      <Button onClick={onTry}>
        <FlaskConical aria-hidden /> Try a statement
      </Button>
    </div>
  );
}

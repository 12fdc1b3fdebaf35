"use client";

import { clsx } from "clsx";
import { ChevronRight, EyeOff } from "lucide-react";
import { Fragment, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { tableId } from "./filter-tables";
import { MaskedValue } from "./masked-value";
import type { ColumnRow, TableRow } from "./masking-rows";

/** More tables than this begin closed. */
const openTablesMax = 40;

type ColumnTreeProps = {
  tables: TableRow[];
  /** a filter is set: what it found is shown open */
  narrowed: boolean;
  /** a panel beside it takes the room of what can be spared */
  aside: boolean;
  onTry: (table: string) => void;
};

/** Tables with their columns, each with what it is and how it is shown. */
export function ColumnTree({ tables, narrowed, aside, onTry }: ColumnTreeProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  if (tables.length === 0) {
    return (
      <EmptyState icon={EyeOff} title="No column matches">
        Take a word away, or look at all columns.
      </EmptyState>
    );
  }
  const openAtFirst = narrowed || tables.length <= openTablesMax;
  const toggle = (id: string) => {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  };
  return (
    <Table label="Columns" className="table-fixed">
      <thead>
        <tr>
          <Th className={aside ? "w-52" : "w-64"}>Column</Th>
          <Th className={clsx("w-52", aside && "hidden")}>Type</Th>
          <Th className="w-44">Labels</Th>
          <Th className={clsx("w-44", aside && "hidden")}>Rule</Th>
          <Th className="w-28">Mask</Th>
          <Th>A made-up value</Th>
        </tr>
      </thead>
      <tbody>
        {tables.map((table) => {
          const id = tableId(table);
          const open = toggled.has(id) !== openAtFirst;
          return (
            <Fragment key={id}>
              <TableLine
                table={table}
                columns={aside ? 4 : 6}
                open={open}
                onToggle={() => toggle(id)}
                onTry={() => onTry(id)}
              />
              {open
                ? table.columns.map((column) => <ColumnLine key={column.name} column={column} aside={aside} />)
                : null}
            </Fragment>
          );
        })}
      </tbody>
    </Table>
  );
}

type TableLineProps = { table: TableRow; columns: number; open: boolean; onToggle: () => void; onTry: () => void };

function TableLine({ table, columns, open, onToggle, onTry }: TableLineProps) {
  const masked = table.columns.filter(({ rule }) => rule !== null).length;
  return (
    <tr className="group/line bg-sunken">
      <td colSpan={columns} className="h-9 border-b border-line px-3">
        <div className="flex items-center gap-3">
          <button
            type="button"
            aria-expanded={open}
            onClick={onToggle}
            className="inline-flex min-h-6 items-center gap-1.5 rounded-sm text-sm"
          >
            <ChevronRight className={clsx("size-3.5 text-ink-faint", open && "rotate-90")} aria-hidden />
            <span className="text-ink-faint">{table.schema}.</span>
            <span className="-ml-1.5 font-medium">{table.name}</span>
          </button>
          {table.kind === "table" ? null : <span className="text-xs text-ink-faint">{table.kind}</span>}
          {masked > 0 ? (
            <span className="inline-flex items-center gap-1 text-xs text-masked">
              <EyeOff className="size-3" aria-hidden /> {masked} of {table.columns.length}
              <span className="sr-only"> columns masked</span>
            </span>
          ) : null}
          <span className="flex-1" />
          <Button
            variant="quiet"
            size="sm"
            className="opacity-0 group-hover/line:opacity-100 focus-visible:opacity-100"
            onClick={onTry}
          >
            Try<span className="sr-only"> {table.name}</span>
          </Button>
        </div>
      </td>
    </tr>
  );
}

function ColumnLine({ column, aside }: { column: ColumnRow; aside: boolean }) {
  return (
    <Tr>
      <Td mono truncate className="pl-9!" title={column.name}>
        {column.name}
      </Td>
      <Td mono truncate className={clsx("text-ink-muted", aside && "hidden")} title={column.type}>
        {column.type}
      </Td>
      <Td>
        {column.labels.length === 0 ? (
          <span className="text-xs text-ink-faint">not judged</span>
        ) : (
          <span className="flex flex-wrap gap-1">
            {column.labels.map((label) => (
              <Badge key={label} mono>
                {label}
              </Badge>
            ))}
          </span>
        )}
      </Td>
      <Td truncate className={clsx("text-xs text-ink-muted", aside && "hidden")} title={column.rule ?? undefined}>
        {column.rule}
      </Td>
      <Td>
        {column.mask === null ? (
          <span className="text-xs text-ink-faint">in clear</span>
        ) : (
          <Badge tone="masked" icon={EyeOff}>
            {column.mask}
          </Badge>
        )}
      </Td>
      <Td truncate>{column.preview === null ? null : <MaskedValue preview={column.preview} />}</Td>
    </Tr>
  );
}

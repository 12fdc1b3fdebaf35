import { columnsOf } from "./columns";

type Cell = string | number | null;

const names = [
  "position",
  "at",
  "kind",
  "actor",
  "database",
  "decision",
  "policies",
  "approval",
  "entry",
  "statement",
  "rows",
  "duration_ms",
  "sqlstate",
];

/** First line of an export as a table. */
export const eventCsvHead = names.join(",");

/** One event of the log as a line of a table; what the leaf does not have stays empty. */
export function eventCsvLine({ position, leaf }: { position: string; leaf: string }): string {
  const columns = columnsOf(leaf);
  const cells: Cell[] =
    columns === null
      ? [position]
      : [
          position,
          columns.at,
          columns.kind,
          columns.actor,
          columns.database,
          columns.decision,
          columns.policies.join(" "),
          columns.approvalId,
          columns.entryId,
          columns.statement,
          columns.rows,
          columns.durationMs,
          columns.sqlstate,
        ];
  return cells.map(csvCell).join(",");
}

/** RFC 4180. A leading apostrophe keeps a spreadsheet from taking text for a formula. */
export function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

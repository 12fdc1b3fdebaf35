import type { ExportedEvent } from "@/lib/store/export-events";

type Cell = string | number | null | undefined;

const columns: [name: string, value: (event: ExportedEvent) => Cell][] = [
  ["position", (event) => event.position],
  ["at", (event) => event.at.toISOString()],
  ["kind", (event) => event.kind],
  ["actor", (event) => event.actor],
  ["database", (event) => event.database],
  ["decision", (event) => event.decision],
  ["policies", (event) => event.policies.join(" ")],
  ["approval", (event) => event.approvalId],
  ["entry", (event) => event.entryId],
  ["statement", (event) => event.statement],
  ["rows", (event) => event.rows],
  ["duration_ms", (event) => event.durationMs],
  ["sqlstate", (event) => event.sqlstate],
];

export const csvHead = columns.map(([name]) => name).join(",");

export function csvLine(event: ExportedEvent): string {
  return columns.map(([, value]) => csvCell(value(event))).join(",");
}

/** RFC 4180. A leading apostrophe keeps a spreadsheet from reading text as a formula. */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

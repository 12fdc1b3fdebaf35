/** An event of the log as the API sends it; `at` is ISO 8601. */
export type LogEvent = {
  position: string;
  id: string;
  kind: string;
  at: string;
  actor: string | null;
  database: string | null;
  decision: string | null;
  policies: string[];
  approvalId: number | null;
  entryId: string | null;
  statement: string | null;
  leaf: string;
};

export type LogPage = { events: LogEvent[]; before: string | null; ignored: string[] };

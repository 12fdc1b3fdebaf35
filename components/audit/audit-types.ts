/** An event of the log in a list; `at` is ISO 8601. */
export type LogEvent = {
  position: string;
  kind: string;
  at: string;
  actor: string | null;
  database: string | null;
  decision: string | null;
  approvalId: number | null;
  entryId: string | null;
  /** the beginning of the statement, where the event has one and no words say it better */
  statement: string | null;
  /** what happened in one line; empty where the statement says it */
  words: string;
};

export type LogPage = { events: LogEvent[]; before: string | null; ignored: string[] };

/** One event with everything that was hashed. */
export type LogEventDetail = LogEvent & { id: string; policies: string[]; leaf: string };

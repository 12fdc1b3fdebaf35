/** What a list of the log is narrowed to, apart from the kinds of its events. */
export type LogNarrowing = {
  /** a kind's first word: statement, approval, person, … */
  area?: string;
  actor?: string;
  database?: string;
  decision?: "allow" | "deny" | "hold";
  policy?: string;
  approvalId?: number;
  entryId?: string;
  sessionId?: string;
  fingerprint?: string;
  sqlstate?: string;
  /** words that the statement or the event contains, whatever their case */
  text?: string;
  /** [from, to) */
  from?: Date;
  to?: Date;
};

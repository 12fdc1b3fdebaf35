/** The state that a statement has reached. `running` and `waiting` are not final. */
export type FeedState = "running" | "waiting" | "ok" | "error" | "cancelled" | "unknown" | "refused";

/** One call of a statement, told together from the events that the log holds of it. Times are ISO 8601. */
export type FeedRow = {
  entryId: string;
  /** log position of its first event, decimal */
  position: string;
  /** log positions of all its events, in order */
  positions: string[];
  at: string;
  actor: string;
  owner: string | null;
  onBehalfOf: string | null;
  application: string | null;
  address: string | null;
  sessionId: string | null;
  database: string | null;
  decision: "allow" | "deny" | "hold";
  policies: string[];
  reason: string | null;
  statement: string;
  statementKind: string;
  fingerprint: string | null;
  tables: string[];
  labels: string[];
  masked: { column: string; rule: string }[];
  inTransaction: boolean;
  approvalId: number | null;
  state: FeedState;
  sqlstate: string | null;
  /** what the client was told, where it was refused */
  message: string | null;
  rows: string | null;
  bytes: number | null;
  /** until its result was complete, without the time that it was held */
  durationMs: number | null;
  /** how long it was held before it ran */
  heldMs: number | null;
};

/** An event as the log's table has it. */
export type FeedEvent = { position: string; leaf: string };

type Fields = Record<string, unknown>;

/**
 * Puts the events of statements together, one row per entry, newest first. `events` are in log order; entries whose
 * beginning is not among them are left out. Fields of a later version are passed over.
 */
export function mergeFeedEvents(events: FeedEvent[]): FeedRow[] {
  const rows = new Map<string, FeedRow>();
  for (const event of events) {
    const fields = JSON.parse(event.leaf) as Fields;
    const entryId = text(fields.entryId);
    if (entryId === null) continue;
    const row = rows.get(entryId) ?? begin(entryId, event.position, fields);
    if (row === null) continue;
    rows.set(entryId, row);
    row.positions.push(event.position);
    apply(row, fields);
  }
  return [...rows.values()].sort((a, b) => compareDecimal(b.position, a.position));
}

function begin(entryId: string, position: string, fields: Fields): FeedRow | null {
  if (fields.kind === "statement.closed") return null;
  return {
    entryId,
    position,
    positions: [],
    at: text(fields.at) ?? "",
    actor: text(fields.actor) ?? "system/unknown",
    owner: text(fields.owner),
    onBehalfOf: text(fields.onBehalfOf),
    application: text(fields.application),
    address: text(fields.address),
    sessionId: text(fields.sessionId),
    database: text(fields.database),
    decision: decisionOf(fields.decision),
    policies: texts(fields.policies),
    reason: text(fields.reason),
    statement: text(fields.statement) ?? "",
    statementKind: text(fields.statementKind) ?? "",
    fingerprint: text(fields.fingerprint),
    tables: texts(fields.tables),
    labels: texts(fields.labels),
    masked: maskedOf(fields.masked),
    inTransaction: fields.inTransaction === true,
    approvalId: null,
    state: "running",
    sqlstate: null,
    message: null,
    rows: null,
    bytes: null,
    durationMs: null,
    heldMs: null,
  };
}

function apply(row: FeedRow, fields: Fields): void {
  row.approvalId = number(fields.approvalId) ?? row.approvalId;
  row.sqlstate = text(fields.sqlstate) ?? row.sqlstate;
  switch (fields.kind) {
    case "statement.held":
      row.decision = "hold";
      row.state = "waiting";
      row.policies = texts(fields.policies);
      row.reason = text(fields.reason) ?? row.reason;
      return;
    case "statement.released":
      row.state = "running";
      row.heldMs = number(fields.heldMs);
      row.masked = maskedOf(fields.masked);
      return;
    case "statement.refused":
      row.state = "refused";
      row.message = text(fields.message);
      // A hold that ended without an approval stays a hold: the policies did not deny it.
      if (row.positions.length === 1) row.decision = decisionOf(fields.decision);
      return;
    case "statement.closed":
      row.state = outcomeOf(fields.outcome);
      row.rows = decimal(fields.rows);
      row.bytes = number(fields.bytes);
      row.durationMs = ranMs(number(fields.durationMs), row.heldMs);
      if (Array.isArray(fields.masked)) row.masked = maskedOf(fields.masked);
      return;
    default:
      return;
  }
}

/** The event counts from the call, which includes the wait. */
function ranMs(durationMs: number | null, heldMs: number | null): number | null {
  return durationMs === null || heldMs === null ? durationMs : Math.max(0, durationMs - heldMs);
}

function outcomeOf(value: unknown): FeedState {
  return value === "ok" || value === "error" || value === "cancelled" ? value : "unknown";
}

/** Anything that is not known to have been let through counts as denied. */
function decisionOf(value: unknown): FeedRow["decision"] {
  return value === "allow" || value === "hold" ? value : "deny";
}

function maskedOf(value: unknown): FeedRow["masked"] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: Fields | null) => {
    const column = text(item?.column);
    return column === null ? [] : [{ column, rule: text(item?.rule) ?? "" }];
  });
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** Counts beyond 2^53 are text in a leaf. */
function decimal(value: unknown): string | null {
  return typeof value === "number" ? String(value) : text(value);
}

function compareDecimal(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

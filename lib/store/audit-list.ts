import type { AuditKind } from "@/lib/audit/event";
import type { LogNarrowing } from "@/lib/audit/log-narrowing";
import { db } from "@/lib/db";

const pageEventsMax = 500;
const timelineEventsMax = 1_000;

/** What the audit list is narrowed to; absent fields do not narrow. */
export type AuditFilters = LogNarrowing & { kinds?: AuditKind[] };

export type AuditListEvent = {
  /** log position, decimal */
  position: string;
  id: string;
  kind: string;
  at: Date;
  actor: string | null;
  database: string | null;
  decision: string | null;
  policies: string[];
  approvalId: number | null;
  entryId: string | null;
  statement: string | null;
  /** every field of the event, as it was hashed */
  leaf: string;
};

export type AuditPage = {
  events: AuditListEvent[];
  /** asked for the next, older page; null at the beginning of the log */
  before: string | null;
};

const columns = `position::text, id, kind, at, actor, database, decision, policies, approval_id as "approvalId",
  entry_id as "entryId", statement, leaf`;

/**
 * Events that match, newest first, from before a log position (exclusive, decimal) or from the end.
 * @param options.limit at most 500
 */
export async function listAudit(
  options: { filters?: AuditFilters; before?: string | null; limit?: number } = {},
): Promise<AuditPage> {
  const limit = Math.min(Math.max(options.limit ?? 100, 1), pageEventsMax);
  const condition = auditCondition(options.filters ?? {}, options.before ?? null);
  const { rows } = await db().query<AuditListEvent>(
    `select ${columns} from audit_event where ${condition.sql}
     order by audit_event.position desc limit ${limit}`,
    condition.values,
  );
  return { events: rows, before: rows.length < limit ? null : (rows.at(-1)?.position ?? null) };
}

/** Everything that the log holds of one statement or one approval, in the order of the log. */
export async function readTimeline(of: { entryId: string } | { approvalId: number }): Promise<AuditListEvent[]> {
  // An approval's statements are part of its story, and a statement's approval of its own.
  const related =
    "entryId" in of
      ? "entry_id = $1 or approval_id in (select approval_id from audit_event where entry_id = $1)"
      : "approval_id = $1 or entry_id in (select entry_id from audit_event where approval_id = $1)";
  const { rows } = await db().query<AuditListEvent>(
    `select ${columns} from audit_event where ${related} order by audit_event.position limit ${timelineEventsMax}`,
    ["entryId" in of ? of.entryId : of.approvalId],
  );
  return rows;
}

type Condition = { sql: string; values: unknown[] };

function auditCondition(filters: AuditFilters, before: string | null): Condition {
  const parts: string[] = [];
  const values: unknown[] = [];
  const add = (sql: string, value: unknown) => {
    if (value === undefined || value === null) return;
    values.push(value);
    parts.push(sql.replaceAll("?", `$${values.length}`));
  };
  add("position < ?::bigint", before);
  add("kind = any(?)", filters.kinds);
  add("starts_with(kind, ?)", filters.area === undefined ? undefined : `${filters.area}.`);
  add("actor = ?", filters.actor);
  add("database = ?", filters.database);
  add("decision = ?", filters.decision);
  add("policies @> array[?::text]", filters.policy);
  add("approval_id = ?", filters.approvalId);
  add("entry_id = ?", filters.entryId);
  add("session_id = ?", filters.sessionId);
  add("fingerprint = ?", filters.fingerprint);
  add("sqlstate = ?", filters.sqlstate);
  add("at >= ?", filters.from);
  add("at < ?", filters.to);
  for (const word of (filters.text ?? "").split(/\s+/).filter((part) => part !== "")) {
    // strpos has no wildcards: what a person types is only ever text.
    add("strpos(lower(leaf), lower(?)) > 0", word);
  }
  return { sql: parts.length === 0 ? "true" : parts.join(" and "), values };
}

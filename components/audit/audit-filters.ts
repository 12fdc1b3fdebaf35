import type { Filter, FilterTerm } from "@/components/filters/parse-filter";
import { formatTerm } from "@/components/filters/parse-filter";

/** What the list of the log is narrowed to, as text; lib/store/audit-list.ts applies it. */
export type AuditQuery = {
  area?: string;
  kind?: string;
  actor?: string;
  database?: string;
  decision?: "allow" | "deny" | "hold";
  policy?: string;
  approvalId?: number;
  entryId?: string;
  sessionId?: string;
  fingerprint?: string;
  sqlstate?: string;
  text?: string;
  from?: Date;
  to?: Date;
};

/** Reads a filter for the log. `ignored` names what the log cannot be narrowed by, so that nobody relies on it. */
export function auditQuery(filter: Filter): { query: AuditQuery; ignored: string[] } {
  const query: AuditQuery = {};
  const ignored: string[] = [];
  for (const term of filter.terms) if (term.negated || !apply(query, term)) ignored.push(formatTerm(term));
  if (filter.words.length > 0) query.text = filter.words.join(" ");
  return { query, ignored };
}

/** False where the log knows no such key, or the value cannot be one. */
function apply(query: AuditQuery, { key, value }: FilterTerm): boolean {
  switch (key) {
    case "agent":
    case "person":
      query.actor = `${key}/${value}`;
      return true;
    case "actor":
    case "area":
    case "kind":
    case "database":
    case "policy":
    case "fingerprint":
    case "sqlstate":
      query[key] = value;
      return true;
    case "entry":
      query.entryId = value;
      return true;
    case "session":
      query.sessionId = value;
      return true;
    case "decision":
      if (value !== "allow" && value !== "deny" && value !== "hold") return false;
      query.decision = value;
      return true;
    case "request":
      if (!/^\d{1,9}$/.test(value)) return false;
      query.approvalId = Number(value);
      return true;
    case "from":
    case "to": {
      const at = new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
      if (Number.isNaN(at.getTime())) return false;
      query[key] = at;
      return true;
    }
    default:
      return false;
  }
}

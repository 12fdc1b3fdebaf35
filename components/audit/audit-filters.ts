import type { LogNarrowing } from "@/lib/audit/log-narrowing";
import type { Filter, FilterTerm } from "@/lib/audit/parse-filter";
import { formatTerm } from "@/lib/audit/parse-filter";

/** What the list of the log is narrowed to, as text; lib/store/audit-list.ts applies it. */
type NarrowedLog = LogNarrowing & { kind?: string };

/** Reads a filter for the log. `ignored` names what the log cannot be narrowed by, so that nobody relies on it. */
export function narrowLog(filter: Filter): { narrowing: NarrowedLog; ignored: string[] } {
  const narrowing: NarrowedLog = {};
  const ignored: string[] = [];
  for (const term of filter.terms) if (term.negated || !apply(narrowing, term)) ignored.push(formatTerm(term));
  if (filter.words.length > 0) narrowing.text = filter.words.join(" ");
  return { narrowing, ignored };
}

/** False where the log knows no such key, or the value cannot be one. */
function apply(narrowing: NarrowedLog, { key, value }: FilterTerm): boolean {
  switch (key) {
    case "agent":
    case "person":
      narrowing.actor = `${key}/${value}`;
      return true;
    case "actor":
    case "area":
    case "kind":
    case "database":
    case "policy":
    case "fingerprint":
    case "sqlstate":
      narrowing[key] = value;
      return true;
    case "entry":
      narrowing.entryId = value;
      return true;
    case "session":
      narrowing.sessionId = value;
      return true;
    case "decision":
      if (value !== "allow" && value !== "deny" && value !== "hold") return false;
      narrowing.decision = value;
      return true;
    case "request":
      if (!/^\d{1,9}$/.test(value)) return false;
      narrowing.approvalId = Number(value);
      return true;
    case "from":
    case "to": {
      const at = new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
      if (Number.isNaN(at.getTime())) return false;
      narrowing[key] = at;
      return true;
    }
    default:
      return false;
  }
}

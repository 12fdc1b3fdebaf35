import { auditQuery } from "@/components/audit/audit-filters";
import { parseFilter } from "@/components/filters/parse-filter";
import { type AuditKind, auditKinds } from "@/lib/audit/event";
import type { AuditFilters } from "@/lib/store/audit-list";

/** The filter of an address, as the store takes it, and what of it does not narrow. */
export function auditFiltersOf(q: string): { filters: AuditFilters; ignored: string[] } {
  const { query, ignored } = auditQuery(parseFilter(q));
  const { kind, ...rest } = query;
  if (kind === undefined) return { filters: rest, ignored };
  // An unknown kind must find nothing rather than everything.
  const known = auditKinds.filter((each) => each === kind);
  return { filters: { ...rest, kinds: known.length > 0 ? known : [kind as AuditKind] }, ignored };
}

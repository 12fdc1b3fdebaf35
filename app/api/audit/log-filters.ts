import { narrowLog } from "@/components/audit/audit-filters";
import type { LogEvent } from "@/components/audit/audit-types";
import { describeEvent } from "@/components/audit/describe-event";
import { type AuditKind, auditKinds } from "@/lib/audit/event";
import { parseFilter } from "@/lib/audit/parse-filter";
import type { AuditFilters, AuditListEvent } from "@/lib/store/audit-list";

/** A list shows one line of a statement; the rest is fetched with the event. */
const shownCharactersMax = 300;

/** The filter of an address, as the store takes it, and what of it does not narrow. */
export function auditFiltersOf(q: string): { filters: AuditFilters; ignored: string[] } {
  const { narrowing, ignored } = narrowLog(parseFilter(q));
  const { kind, ...rest } = narrowing;
  if (kind === undefined) return { filters: rest, ignored };
  // An unknown kind must find nothing rather than everything.
  const known = auditKinds.filter((each) => each === kind);
  return { filters: { ...rest, kinds: known.length > 0 ? known : [kind as AuditKind] }, ignored };
}

/** An event as lists show it. */
export function listedEvent(event: AuditListEvent): LogEvent {
  const { position, kind, actor, database, decision, approvalId, entryId } = event;
  const words = describeEvent(kind, event.leaf);
  const statement = words === "" ? (event.statement?.slice(0, shownCharactersMax) ?? null) : null;
  return {
    position,
    kind,
    at: event.at.toISOString(),
    actor,
    database,
    decision,
    approvalId,
    entryId,
    statement,
    words,
  };
}

import type { AuditEventInput } from "@/lib/audit/event";

/** What a record does to the set of things that are open: statements and sessions that began and have not ended. */
export type EntryChange = { opens: string } | { closes: string };

const opening = new Set(["statement.opened", "statement.held", "statement.released", "session.opened"]);
const closing = new Set(["statement.closed", "statement.refused", "session.closed"]);

/**
 * Finds the change in a leaf without parsing it. In JSON text a quote inside of a string is always escaped, so these
 * patterns match field names only; no field that sorts behind them has free names inside.
 */
export function entryChangeOf(leaf: string): EntryChange | undefined {
  const kind = textAfter(leaf, '"kind":"');
  const subject = kind?.startsWith("session.") ? '"sessionId":"' : '"entryId":"';
  if (kind === undefined) return undefined;
  if (opening.has(kind)) return { opens: textAfter(leaf, subject) ?? "" };
  if (closing.has(kind)) return { closes: textAfter(leaf, subject) ?? "" };
  return undefined;
}

function textAfter(leaf: string, field: string): string | undefined {
  const at = leaf.lastIndexOf(field);
  if (at < 0) return undefined;
  const from = at + field.length;
  return leaf.slice(from, leaf.indexOf('"', from));
}

/** Open statements by entry id and sessions by session id, each with the leaf that says most about it. */
export type OpenEntries = Map<string, string>;

export function applyChange(open: OpenEntries, change: EntryChange | undefined, leaf: string): void {
  if (change === undefined) return;
  if ("opens" in change) open.set(change.opens, leaf);
  else open.delete(change.closes);
}

/** What is open after the carried leaves and the records that follow them. */
export function openAfter(carried: string[], leaves: Iterable<Buffer>): OpenEntries {
  const open: OpenEntries = new Map();
  for (const leaf of carried) applyChange(open, entryChangeOf(leaf), leaf);
  for (const bytes of leaves) {
    const leaf = bytes.toString("utf8");
    applyChange(open, entryChangeOf(leaf), leaf);
  }
  return open;
}

/**
 * The event that ends what a broker left open when it died. A statement that was still held never ran;
 * of one that was forwarded nobody saw the result.
 */
export function closeAfterCrash(leaf: string): AuditEventInput | null {
  // The leaf is ours and its checksum held, but a later version may have written other fields.
  const event = JSON.parse(leaf) as Record<string, unknown>;
  const text = (name: string) => String(event[name] ?? "");
  const common = {
    actor: text("actor"),
    sessionId: text("sessionId"),
    brokerId: text("brokerId"),
    database: text("database"),
  };
  if (event.kind === "session.opened") {
    return { kind: "session.closed", ...common, end: "unknown", statements: 0, durationMs: 0 };
  }
  const ran = event.kind === "statement.released" || (event.kind === "statement.opened" && event.decision === "allow");
  return {
    kind: "statement.closed",
    ...common,
    entryId: text("entryId"),
    fingerprint: text("fingerprint"),
    statementKind: text("statementKind"),
    ...(typeof event.approvalId === "number" ? { approvalId: event.approvalId } : {}),
    outcome: ran ? "unknown" : "cancelled",
    rows: 0,
    bytes: 0,
    durationMs: 0,
    masked: Array.isArray(event.masked) ? event.masked : [],
  };
}

import { z } from "zod";
import { isoMillis } from "./field";
import { storableText } from "./leaf";

/** What the sequencer derives from a leaf, once, beside position and hash. Names follow AuditEvent of the store. */
export type AuditColumns = {
  id: string;
  kind: string;
  at: string;
  actor: string | null;
  database: string | null;
  decision: string | null;
  policies: string[];
  approvalId: number | null;
  entryId: string | null;
  sessionId: string | null;
  fingerprint: string | null;
  statement: string | null;
  rows: string | null;
  durationMs: number | null;
  sqlstate: string | null;
};

/** Loose on purpose: an event of a later version, or of a kind unknown here, must still be taken into the log. */
const derived = z.object({
  id: z.uuid(),
  kind: z.string(),
  at: isoMillis.refine((at) => !Number.isNaN(Date.parse(at))),
});

const int4Max = 2_147_483_647;
/** Indexed columns stay far below the size that a B-tree entry may have; the leaf keeps the whole value. */
const indexedCharactersMax = 500;

const textOrNull = (value: unknown) => (typeof value === "string" ? storableText(value) : null);
const indexedOrNull = (value: unknown) =>
  typeof value === "string" ? storableText(value.slice(0, indexedCharactersMax)) : null;
const numberOrNull = (value: unknown) => (typeof value === "number" ? value : null);

/** Decimal text, because rows beyond 2^53 are strings in a leaf; anything that is no integer of 64 bits is null. */
function bigintOrNull(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || !/^\d{1,18}$/.test(text)) return null;
  return text;
}

function approvalIdOf(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= int4Max ? value : null;
}

/** Kind and time of a leaf that is no event: whatever a writer managed to insert must not stop the log. */
export const unreadableKind = "unreadable";
export const unreadableAt = "1970-01-01T00:00:00.000Z";

/** As `columnsOf`, with the row's own id where the leaf cannot be read. */
export function columnsOfRow(row: { id: string; leaf: string }): AuditColumns {
  return (
    columnsOf(row.leaf) ?? {
      id: row.id,
      kind: unreadableKind,
      at: unreadableAt,
      actor: null,
      database: null,
      decision: null,
      policies: [],
      approvalId: null,
      entryId: null,
      sessionId: null,
      fingerprint: null,
      statement: null,
      rows: null,
      durationMs: null,
      sqlstate: null,
    }
  );
}

/**
 * The derived columns of a leaf. Null where the leaf has no such field or another type.
 * Returns null when the text is not an event at all: no JSON object, or without id, kind and time.
 */
export function columnsOf(leaf: string): AuditColumns | null {
  const fields = parseObject(leaf);
  if (fields === null) return null;
  const head = derived.safeParse(fields);
  if (!head.success) return null;
  const policies = fields.policies;
  return {
    id: head.data.id,
    kind: storableText(head.data.kind.slice(0, indexedCharactersMax)),
    at: head.data.at,
    actor: indexedOrNull(fields.actor),
    database: indexedOrNull(fields.database),
    decision: indexedOrNull(fields.decision),
    policies: Array.isArray(policies)
      ? policies.filter((policy) => typeof policy === "string").map((policy) => storableText(policy))
      : [],
    approvalId: approvalIdOf(fields.approvalId),
    entryId: indexedOrNull(fields.entryId),
    sessionId: indexedOrNull(fields.sessionId),
    fingerprint: indexedOrNull(fields.fingerprint),
    statement: textOrNull(fields.statement),
    rows: bigintOrNull(fields.rows),
    durationMs: numberOrNull(fields.durationMs),
    sqlstate: indexedOrNull(fields.sqlstate),
  };
}

function parseObject(leaf: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(leaf);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

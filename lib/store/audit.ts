import { randomBytes } from "node:crypto";
import { type AuditEventInput, auditEventSchema } from "@/lib/audit/event";
import { eventIds } from "@/lib/audit/event-id";
import { leafOf } from "@/lib/audit/leaf";
import { publish } from "@/lib/bus";
import { onCommit, type Transaction } from "@/lib/db";

/** UUID version 7: ids of one process grow, which keeps its events in order. */
export const newEventId = eventIds({ now: Date.now, randomBytes });

/**
 * Adds an event to the log, in the transaction of the change that it records: both happen or neither does.
 * Id and time are filled in where they are missing; the sequencer is woken after the commit.
 * @returns the event's id
 * @throws ZodError for an event that the union does not know, which is a bug of the caller
 */
export async function appendAudit(tx: Transaction, input: AuditEventInput): Promise<string> {
  const id = input.id ?? newEventId();
  const event = auditEventSchema.parse({ ...input, id, at: input.at ?? new Date().toISOString() });
  await tx.query("insert into audit_inbox (id, leaf) values ($1, $2)", [id, leafOf(event)]);
  onCommit(() => publish("inbox", {}));
  return id;
}

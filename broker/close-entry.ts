import { closedLeaf } from "@/lib/audit/statement-leaf";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Call } from "./calls";
import { leafOfSession, timestamp } from "./entry";
import { actorOf } from "./facts";
import { sqlstate } from "./protocol/sqlstate";
import type { Session } from "./session-state";

/** Ends the record of one call. A journal that cannot be written now is no reason to lose the result. */
export function closeEntry(session: Session, call: Call, ended: "ok" | "error" | "unknown"): void {
  const { broker } = session;
  const outcome = call.sqlstate === sqlstate.queryCanceled ? "cancelled" : ended;
  const durationMs = performance.now() - call.startedAt;
  const id = broker.newId();
  const leaf = closedLeaf({
    session: leafOfSession(session),
    plan: call.known.leaf,
    call: {
      id,
      at: timestamp(broker.now()),
      entryId: call.entryId,
      ...(call.approvalId === undefined ? {} : { approvalId: call.approvalId }),
      outcome,
      ...(call.sqlstate === null ? {} : { sqlstate: call.sqlstate }),
      rows: call.rows,
      bytes: call.bytes,
      durationMs,
    },
  });
  try {
    broker.journal.appendLeaf(id, leaf, { closes: call.entryId });
    broker.flusher.schedule();
  } catch (error) {
    log("broker").error({ error: messageOf(error), entry: call.entryId }, "the end of a statement was not recorded");
  }
  broker.usage.addRows(actorOf(session.principal), call.rows);
  if (call.approvalId === undefined) return;
  broker.approvals
    .recordOutcome(call.approvalId, { outcome: ended, sqlstate: call.sqlstate, rows: call.rows, durationMs })
    .catch((error) => {
      log("broker").warn({ error: messageOf(error), approval: call.approvalId }, "an outcome was not recorded");
    });
}

import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Call } from "./calls";
import { contextOfSession, leafOfSession } from "./entry";
import { encodeReady } from "./protocol/encode";
import { encodeDescribeStatement, encodeFlush, encodeQuery } from "./protocol/encode-upstream";
import { type Refusal, reportOf } from "./refusal";
import { type Session, sayInTurn } from "./session-state";

/** Fails in every server and every transaction state, and says why to whoever reads the upstream's log. */
const failingQuery = "countersign refused a statement";
const failingStatement = "countersign refused a statement";

/**
 * Records and answers a refusal in the place of the refused message. Where the upstream has done something that a
 * refusal must undo, it gets a message that fails instead, and its error is replaced.
 * @param call null where nothing was begun that a record could be about
 */
export function refuse(
  session: Session,
  refusal: Refusal,
  { call, protocol }: { call: Call | null; protocol: "simple" | "extended" },
): void {
  if (call !== null) recordRefusal(session, call, refusal);
  const report = reportOf(refusal);
  if (protocol === "simple") refuseQuery(session, report);
  else refuseStep(session, report);
}

function refuseQuery(session: Session, report: Buffer): void {
  const { pipeline, upstream, client } = session;
  if (pipeline.idle && pipeline.mayRefuseAlone) {
    client.write(Buffer.concat([report, encodeReady("I")]));
    return;
  }
  pipeline.expect({ kind: "query", call: null, report });
  upstream.send(encodeQuery(failingQuery));
}

function refuseStep(session: Session, report: Buffer): void {
  const { pipeline, upstream } = session;
  session.discarding = true;
  if (!pipeline.mayRefuseAlone) {
    // INVARIANT: what the transaction or pipeline did before does not outlive the refusal.
    pipeline.expect({ kind: "poison", report });
    upstream.send(encodeDescribeStatement(failingStatement));
    return;
  }
  if (!pipeline.idle) upstream.send(encodeFlush());
  sayInTurn(session, report);
}

/** Records why a call that was opened did not run. */
export function recordRefusal(session: Session, call: Call, refusal: Refusal): void {
  const { broker } = session;
  const { fields } = call.known.leaf;
  call.closed = true;
  const approvalId = refusal.approvalId ?? call.approvalId;
  try {
    broker.journal.append({
      kind: "statement.refused",
      ...leafOfSession(session).fields,
      ...fields,
      context: contextOfSession(session, { plan: call.known.plan, waived: [] }).fields,
      entryId: call.entryId,
      inTransaction: call.inTransaction,
      ...(approvalId === undefined ? {} : { approvalId }),
      sqlstate: refusal.sqlstate,
      message: refusal.message,
    });
    broker.flusher.schedule();
  } catch (error) {
    log("broker").error({ error: messageOf(error), entry: call.entryId }, "a refusal was not recorded");
  }
}

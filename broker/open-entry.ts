import { openedLeaf } from "@/lib/audit/statement-leaf";
import type { Call, KnownPlan, Opened, Rest } from "./calls";
import { contextOfSession, leafOfSession, timestamp } from "./entry";
import { actorOf } from "./facts";
import type { Session } from "./session-state";

type OpenedText = Pick<Opened, "sql" | "decidedUnder">;
const noRests: readonly Rest[] = [];

/**
 * Starts the record of one call. Its `statement.opened` is written to the journal before anything that was sent to
 * the upstream in this turn of the event loop (see Flusher). A call that is refused gets `statement.refused` instead.
 * @throws when the journal cannot be written
 */
export function openEntry(session: Session, known: KnownPlan, { sql, decidedUnder }: OpenedText): Call {
  const { broker } = session;
  const now = broker.now();
  const call: Call = {
    entryId: broker.newId(),
    known,
    sql,
    decidedUnder,
    rests: noRests,
    waived: [],
    startedAt: performance.now(),
    rows: 0,
    bytes: 0,
    finished: 0,
    sqlstate: null,
    approvalId: undefined,
    inTransaction: session.pipeline.insideTransaction,
    closed: false,
  };
  if (known.plan.refusal !== undefined || known.plan.decision.effect === "deny") return call;
  const id = broker.newId();
  const leaf = openedLeaf({
    session: leafOfSession(session),
    plan: known.leaf,
    context: contextOfSession(session, { plan: known.plan, waived: [] }),
    call: { id, at: timestamp(now), entryId: call.entryId, inTransaction: call.inTransaction },
  });
  broker.journal.appendLeaf(id, leaf, { opens: call.entryId });
  broker.usage.addStatement(actorOf(session.principal));
  session.statements += 1;
  return call;
}

import { closeSession } from "./close-session";
import { settleNames } from "./names-moving";
import { encodeReady } from "./protocol/encode";
import { sqlstate } from "./protocol/sqlstate";
import { cannotDecide, reportOf } from "./refusal";
import type { Session } from "./session-state";

export const journalUnwritable = cannotDecide(
  "the broker's journal cannot be written",
  "nothing was run; an administrator has to make room on the broker's disk",
);

/**
 * The journal did not take what must be recorded first, so what waited for it is not sent: refused where the upstream
 * has seen nothing of it, otherwise the session ends, which undoes what an open transaction did.
 */
export function refuseUnrecorded(session: Session): void {
  if (session.phase === "ended") return;
  session.upstream.drop();
  const entries = session.pipeline.takeBack(sqlstate.cannotDecide);
  if (entries === null) {
    closeSession(session, "journal");
    return;
  }
  const report = reportOf(journalUnwritable);
  const answers: Buffer[] = [];
  let open = false;
  for (const { kind } of entries) {
    open = true;
    if (kind !== "query" && kind !== "sync") continue;
    answers.push(report, encodeReady("I"));
    open = false;
  }
  if (open) {
    answers.push(report);
    session.discarding = true;
  }
  if (answers.length > 0) session.client.writeAll(answers);
  settleNames(session);
}

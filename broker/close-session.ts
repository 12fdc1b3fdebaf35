import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { actorOf } from "./facts";
import { encodeError } from "./protocol/encode";
import { encodeTerminate } from "./protocol/encode-upstream";
import { sqlstate } from "./protocol/sqlstate";
import type { Session, SessionEnd } from "./session-state";
import { cancelUpstream } from "./upstream";

const fatals: Record<SessionEnd, { sqlstate: string; message: string } | null> = {
  terminated: null,
  disconnected: null,
  upstream: { sqlstate: sqlstate.connectionFailure, message: "the upstream closed the connection" },
  revoked: { sqlstate: sqlstate.adminShutdown, message: "terminating connection: access was withdrawn" },
  shutdown: { sqlstate: sqlstate.adminShutdown, message: "terminating connection: the broker is stopping" },
  protocol: { sqlstate: sqlstate.protocolViolation, message: "protocol violation" },
  journal: {
    sqlstate: sqlstate.cannotDecide,
    message: "terminating connection: the broker's journal cannot be written",
  },
  bug: { sqlstate: "XX000", message: "terminating connection because of an internal error" },
};

/** Ends a session once, whoever ends it: the client is told, a wait withdrawn, the upstream connection closed. */
export function closeSession(session: Session, end: SessionEnd, message?: string): void {
  if (session.phase === "ended") return;
  const running = session.pipeline.current !== null;
  session.interrupt?.(end === "disconnected" || end === "terminated" ? "disconnected" : "ended");
  session.phase = "ended";
  session.upstream.drop();
  session.pipeline.abandon();
  const fatal = fatals[end];
  const bytes =
    fatal === null ? undefined : encodeError({ severity: "FATAL", ...fatal, ...(message ? { message } : {}) });
  session.client.end(session.pipeline.midRow || session.pipeline.fatal ? undefined : bytes);
  const { upstream } = session.upstream;
  // What runs for a client that has gone is stopped: closing the socket alone lets it run to its end.
  if (running) void cancelUpstream(upstream).then(() => upstream.socket.destroy());
  else upstream.socket.end(encodeTerminate());
  upstream.socket.setTimeout(upstreamCloseMsMax, () => upstream.socket.destroy());
  session.forget();
  recordEnd(session, end);
}

const upstreamCloseMsMax = 5_000;

function recordEnd(session: Session, end: SessionEnd): void {
  const { broker } = session;
  try {
    broker.journal.append({
      kind: "session.closed",
      actor: actorOf(session.principal),
      sessionId: session.id,
      brokerId: broker.id,
      database: session.database.name,
      end: end === "journal" ? "bug" : end,
      statements: session.statements,
      durationMs: Math.max(0, broker.now() - session.openedAt),
    });
    broker.flusher.schedule();
  } catch (error) {
    log("broker").error({ error: messageOf(error), session: session.id }, "the end of a session was not recorded");
  }
}

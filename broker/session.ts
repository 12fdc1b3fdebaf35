// The life of one authenticated connection: messages come in, are taken one at a time in their order, and what the
// upstream answers goes out. Everything that a statement goes through is in statement.ts.

import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Portal, Prepared } from "./calls";
import { closeSession } from "./close-session";
import { noteNames, settleNames } from "./names-moving";
import { MessageFault } from "./protocol/body-reader";
import { encodeReady } from "./protocol/encode";
import { encodeSync } from "./protocol/encode-upstream";
import { isFault } from "./protocol/frames";
import { clientType, readExecute, readObject } from "./protocol/messages";
import { sqlstate } from "./protocol/sqlstate";
import { refuse } from "./refuse";
import { refuseUnrecorded } from "./refuse-unrecorded";
import type { Session } from "./session-state";
import { bindStatement, parseStatement, recheckPortal, refusePortal, simpleStatement } from "./statement";

/** What a client may send ahead while a message is being decided. */
const aheadBytesMax = 1024 * 1024;
/** What may wait to be sent to a slow upstream. */
const upstreamBytesMax = 4 * 1024 * 1024;

/** Takes over both sockets. `rest` is what the client sent behind its last authentication message. */
export function startSession(session: Session, rest: Buffer): void {
  const { client, upstream } = session;
  client.socket.on("data", (chunk: Buffer) => {
    session.reader.push(chunk);
    takeMessages(session);
  });
  client.socket.on("error", () => closeSession(session, "disconnected"));
  client.socket.on("end", () => closeSession(session, "disconnected"));
  client.socket.on("close", () => closeSession(session, "disconnected"));
  const { socket } = upstream.upstream;
  socket.on("data", (chunk: Buffer) => receiveResults(session, chunk));
  socket.on("error", () => closeSession(session, "upstream"));
  socket.on("close", () => closeSession(session, "upstream"));
  socket.on("drain", () => resumeClient(session));
  upstream.onCrowded = () => client.socket.pause();
  upstream.onSent = () => session.pipeline.sent();
  upstream.onJournalFailure = () => refuseUnrecorded(session);
  if (upstream.upstream.rest.length > 0) receiveResults(session, upstream.upstream.rest);
  socket.resume();
  if (rest.length > 0) session.reader.push(rest);
  takeMessages(session);
  client.socket.resume();
}

/** Takes messages until one has to wait. Called with every chunk, and when a wait is over. */
function takeMessages(session: Session): void {
  while (session.phase === "ready") {
    const frame = session.reader.next();
    if (frame === undefined) return;
    if (isFault(frame)) {
      closeSession(session, "protocol", frame.fault);
      return;
    }
    const waiting = takeMessage(session, frame.type, frame.bytes);
    if (waiting !== undefined) {
      session.phase = "busy";
      waiting.then(
        () => resumeMessages(session),
        (error: unknown) => {
          failMessage(session, frame.type, error);
          resumeMessages(session);
        },
      );
    }
  }
  if (session.reader.bufferedBytes > aheadBytesMax) session.client.socket.pause();
}

function resumeMessages(session: Session): void {
  if (session.phase === "ended") return;
  session.phase = "ready";
  resumeClient(session);
  takeMessages(session);
}

function resumeClient(session: Session): void {
  if (session.phase !== "ended" && session.upstream.waitingBytes < upstreamBytesMax) session.client.socket.resume();
}

/** A malformed body is the client's error and the session goes on; anything else is ours and ends it. */
function failMessage(session: Session, type: number, error: unknown): void {
  if (session.phase === "ended") return;
  if (error instanceof MessageFault) {
    const protocol = type === clientType.query || type === clientType.functionCall ? "simple" : "extended";
    refuse(session, { sqlstate: error.sqlstate, message: error.message }, { call: null, protocol });
    return;
  }
  log("broker").error({ error, session: session.id }, "a session ended by a fault of the broker");
  closeSession(session, "bug");
}

function takeMessage(session: Session, type: number, frame: Buffer): undefined | Promise<void> {
  if (session.discarding && type !== clientType.sync && type !== clientType.terminate) return undefined;
  try {
    return dispatch(session, type, frame);
  } catch (error) {
    failMessage(session, type, error);
    return undefined;
  }
}

function dispatch(session: Session, type: number, frame: Buffer): undefined | Promise<void> {
  const { pipeline, upstream } = session;
  switch (type) {
    case clientType.query:
      return simpleStatement(session, frame);
    case clientType.parse:
      return parseStatement(session, frame);
    case clientType.bind:
      return bindStatement(session, frame);
    case clientType.describe:
      describe(session, frame);
      return undefined;
    case clientType.execute:
      return executePortal(session, frame);
    case clientType.close: {
      const { kind, name } = readObject(frame);
      if (kind === "statement") {
        session.sqlPrepared.delete(name);
        session.preparedMoving.add(name);
        pipeline.objects.statements.propose(name, null, pipeline.segment);
      } else pipeline.objects.portals.propose(name, null, pipeline.segment);
      pipeline.expect({ kind: "close", of: kind, name, hidden: false });
      upstream.send(frame);
      return undefined;
    }
    case clientType.sync:
      sync(session, frame);
      return undefined;
    case clientType.copyDone:
    case clientType.copyFail:
      pipeline.expect({ kind: "copyEnd" });
      upstream.send(frame);
      return undefined;
    case clientType.copyData:
    case clientType.flush:
      upstream.send(frame);
      return undefined;
    case clientType.terminate:
      closeSession(session, "terminated");
      return undefined;
    case clientType.functionCall:
      refuse(session, functionCallRefused, { call: null, protocol: "simple" });
      return undefined;
    default:
      // A password or SASL message after authentication.
      closeSession(session, "protocol", `invalid frontend message type ${type}`);
      return undefined;
  }
}

const functionCallRefused = {
  sqlstate: sqlstate.featureNotSupported,
  message: "the function call message is not supported under governance",
  hint: "call the function in a SELECT",
};

function describe(session: Session, frame: Buffer): void {
  const { pipeline, upstream } = session;
  const { kind, name } = readObject(frame);
  if (kind === "statement") {
    const prepared: Prepared | null = pipeline.objects.statements.get(name) ?? null;
    pipeline.expect({ kind: "describeStatement", prepared });
  } else {
    const portal: Portal | null = pipeline.objects.portals.get(name) ?? null;
    pipeline.expect({ kind: "describePortal", portal });
  }
  upstream.send(frame);
}

function executePortal(session: Session, frame: Buffer): undefined | Promise<void> {
  const { pipeline, upstream } = session;
  const { portal: name, rowsMax } = readExecute(frame);
  const portal = pipeline.objects.portals.get(name);
  if (portal === undefined) {
    const refusal = { sqlstate: sqlstate.invalidCursorName, message: `portal "${name}" does not exist` };
    refuse(session, refusal, { call: null, protocol: "extended" });
    return undefined;
  }
  const run = (): undefined => {
    noteNames(session, portal.call.known.plan);
    pipeline.expect({ kind: "execute", portal, rowsMax });
    upstream.send(frame);
  };
  const rechecked = recheckPortal(session, portal);
  if (rechecked === null) return run();
  return rechecked.then((refusal) => {
    if (session.phase === "ended") return;
    if (refusal === null) run();
    else refusePortal(session, portal, refusal);
  });
}

function sync(session: Session, frame: Buffer): void {
  const { pipeline, upstream } = session;
  const alone = session.discarding && pipeline.idle && !pipeline.sentInSegment && pipeline.mayRefuseAlone;
  session.discarding = false;
  if (alone) {
    // INVARIANT: of a refused pipeline that sent nothing before, the upstream sees no byte.
    session.client.write(encodeReady("I"));
    return;
  }
  pipeline.expect({ kind: "sync" });
  upstream.send(frame.length === syncBytes ? frame : encodeSync());
}

const syncBytes = 5;

/** What the upstream says goes out chunk by chunk, with what the broker has to say in its place. */
function receiveResults(session: Session, chunk: Buffer): void {
  if (session.phase === "ended") return;
  try {
    const parts = session.pipeline.receive(chunk);
    if (session.notices.length > 0 && !session.pipeline.midRow) parts.push(...session.notices.splice(0));
    if (parts.length > 0) session.client.writeAll(parts);
    if (session.pipeline.quiet) settleNames(session);
  } catch (error) {
    log("broker").error({ error: messageOf(error), session: session.id }, "a session ended by what its upstream sent");
    closeSession(session, "upstream", "the upstream's answer was not accepted");
    return;
  }
  if (!session.client.crowded) return;
  const { socket } = session.upstream.upstream;
  socket.pause();
  session.client.whenDrained(() => socket.resume());
}

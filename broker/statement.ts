// The life of one statement: analysed, recorded, settled, then executed or refused. Simple and extended protocol both
// end in `runStatement`. Where the plan is known already nothing here waits, so a statement costs no promise.

import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { type Analysed, analyze, type KnownOfCall, noneKnown } from "./analyze";
import type { Call, Invocation, KnownPlan, Portal, Prepared, Rest } from "./calls";
import { closeEntry } from "./close-entry";
import { estimateRows } from "./estimate-rows";
import { execute, upstreamText } from "./execute";
import { planKey } from "./facts";
import { hold } from "./hold";
import { mustWaitForNames, noteNames, refusesNames, whenQuiet } from "./names-moving";
import { openEntry } from "./open-entry";
import { areStale, type DecideNow, expectCursors, refusesRests, restsOf, staleRestsOfPortal } from "./opened-before";
import { encodeParse } from "./protocol/encode-upstream";
import { readBind, readBindNames, readParse, readQuery } from "./protocol/messages";
import { sqlstate } from "./protocol/sqlstate";
import { refreshNames } from "./refresh-names";
import { type Refusal, refusalOfSql } from "./refusal";
import { recordRefusal, refuse } from "./refuse";
import { journalUnwritable } from "./refuse-unrecorded";
import { followSearchPath } from "./search-path";
import type { Session } from "./session-state";
import { applySettings } from "./settings-kept";
import { type Settled, settle } from "./settle";

/**
 * The plan of a text, now. A name that does not resolve is looked for once in the session's own database; a policy that
 * reads the estimated rows gets them.
 */
export function prepareStatement(session: Session, sql: string, known = noneKnown): Analysed | Promise<Analysed> {
  if (mustWaitForNames(session, sql)) return whenQuiet(session).then(() => prepareStatement(session, sql, known));
  const { pipeline } = session;
  if (!session.namesKnown && pipeline.quiet && pipeline.status !== "E") {
    return followSearchPath(session).then(() => prepareStatement(session, sql, known));
  }
  const analysed = analyze(session, sql, known);
  if (analysed instanceof Promise) return analysed.then((found) => lookAgain(session, { sql, found, known }));
  return lookAgain(session, { sql, found: analysed, known });
}

type Look = { sql: string; found: Analysed; known: KnownOfCall };

function lookAgain(session: Session, look: Look): Analysed | Promise<Analysed> {
  const { sql, found, known } = look;
  const { plan } = found.known;
  if (plan.refusal?.sqlstate === sqlstate.undefinedTable) {
    return refreshNames(session, sql, found.tokens).then(async (changed) =>
      changed ? withEstimate(session, { sql, found: await analyze(session, sql, known), known }) : found,
    );
  }
  return withEstimate(session, look);
}

function withEstimate(session: Session, { sql, found, known }: Look): Analysed | Promise<Analysed> {
  const { plan } = found.known;
  if (plan.estimate !== "wanted" || plan.refusal !== undefined) return found;
  return estimateOf(session, sql, found).then((estimatedRows) =>
    estimatedRows === null ? found : analyze(session, sql, { ...known, estimatedRows }),
  );
}

function estimateOf(session: Session, sql: string, { known, tokens }: Analysed): Promise<number | null> {
  return estimateRows(session, upstreamText(sql, tokens, known));
}

/** Runs what a Query or a Bind asks for. */
export function runStatement(session: Session, known: KnownPlan, invocation: Invocation): undefined | Promise<void> {
  const rests = restsOf(session, known.plan, invocation.sql);
  if (!areStale(session, rests)) return settleStatement(session, known, { invocation, rests, changed: null });
  return refusesRests(session, rests, decidesNow(session)).then((changed) =>
    session.phase === "ended" ? undefined : settleStatement(session, known, { invocation, rests, changed }),
  );
}

type Settling = { invocation: Invocation; rests: readonly Rest[]; changed: Refusal | null };

function settleStatement(session: Session, known: KnownPlan, settling: Settling): undefined | Promise<void> {
  const { invocation, rests, changed } = settling;
  let call: Call;
  try {
    call = openEntry(session, known, invocation); // INVARIANT: recorded before the upstream sees a byte.
  } catch {
    refuse(session, journalUnwritable, { call: null, protocol: invocation.protocol });
    return undefined;
  }
  call.rests = rests;
  const settled = settleNamed(session, known, call);
  if (changed !== null && !("refuse" in settled)) {
    refuse(session, changed, { call, protocol: invocation.protocol });
    return undefined;
  }
  if ("wait" in settled) return holdStatement(session, known, { invocation, call });
  finishStatement(session, settled, { invocation, call });
  return undefined;
}

/** Decides about a text that is open already, without a question to its own upstream connection. */
function decidesNow(session: Session): DecideNow {
  return async (sql, waived) => {
    const known = waived.length === 0 ? noneKnown : { ...noneKnown, waived };
    return (await withEstimate(session, { sql, found: await analyze(session, sql, known), known })).known;
  };
}

/** Whether an Execute of a portal may go on: null at once where nothing has changed since it was bound. */
export function recheckPortal(session: Session, portal: Portal): null | Promise<Refusal | null> {
  const rests = staleRestsOfPortal(session, portal);
  return rests === null ? null : refusesRests(session, rests, decidesNow(session));
}

/** Records and answers an Execute that may not go on. */
export function refusePortal(session: Session, { call: bound }: Portal, refusal: Refusal): void {
  let call: Call | null = null;
  try {
    call = openEntry(session, bound.known, bound);
  } catch (error) {
    log("broker").error({ error: messageOf(error), entry: bound.entryId }, "a refusal was not recorded");
  }
  refuse(session, refusal, { call, protocol: "extended" });
}

function settleNamed(session: Session, known: KnownPlan, call: Call | null): Settled {
  const uncertain = refusesNames(session, known.plan);
  const settled = settle(session, known, call);
  return uncertain === null || "refuse" in settled ? settled : { refuse: refusalOfSql(uncertain) };
}

type Run = { invocation: Invocation; call: Call };

async function holdStatement(session: Session, known: KnownPlan, { invocation, call }: Run): Promise<void> {
  const decideAgain = async (waived: string[]): Promise<KnownPlan> => {
    call.waived = waived;
    return (await prepareStatement(session, invocation.sql, { ...noneKnown, waived })).known;
  };
  const { sql, tokens } = invocation;
  // A reviewer wants to know how much a statement touches, whatever the policies read.
  const possible = known.plan.estimate === "possible";
  const estimatedRows = possible
    ? await estimateOf(session, sql, { known, tokens })
    : (known.plan.estimatedRows ?? null);
  const held = await hold(session, { known, invocation, call, estimatedRows, decideAgain }).catch((error: unknown) => {
    log("broker").error({ error: messageOf(error), entry: call.entryId }, "a held statement was not released");
    return { refuse: journalUnwritable };
  });
  if (session.phase !== "ended") finishStatement(session, held, { invocation, call });
  else if ("refuse" in held) recordRefusal(session, call, held.refuse);
  else closeUnsent(session, call);
}

/** The client left between the approval and the forwarding: the approval is used, and nothing ran. */
function closeUnsent(session: Session, call: Call): void {
  call.sqlstate = sqlstate.queryCanceled;
  closeEntry(session, call, "error");
}

function finishStatement(session: Session, settled: { run: KnownPlan } | { refuse: Refusal }, run: Run): void {
  if ("refuse" in settled) {
    refuse(session, settled.refuse, { call: run.call, protocol: run.invocation.protocol });
    return;
  }
  const fault = applySettings(session, settled.run);
  if (fault === null) {
    noteNames(session, settled.run.plan);
    execute(session, settled.run, run);
    expectCursors(session, run.call);
  } else refuse(session, fault, { call: run.call, protocol: run.invocation.protocol });
}

/** Query: analysed, recorded and run, or refused, as one batch. */
export function simpleStatement(session: Session, frame: Buffer): undefined | Promise<void> {
  const sql = readQuery(frame);
  const decidedUnder = session.broker.snapshot.version;
  const run = ({ known, tokens }: Analysed): undefined | Promise<void> =>
    runStatement(session, known, { protocol: "simple", sql, decidedUnder, tokens, frame });
  const analysed = prepareStatement(session, sql);
  return analysed instanceof Promise ? analysed.then(run) : run(analysed);
}

/** Parse: decided before it is forwarded. What would be held is parsed and described, and waits at Bind. */
export function parseStatement(session: Session, frame: Buffer): undefined | Promise<void> {
  const { name, sql, parameterTypes } = readParse(frame);
  const decidedUnder = session.broker.snapshot.version;
  const forward = ({ known, tokens }: Analysed): undefined => {
    const settled = settleNamed(session, known, null);
    if ("refuse" in settled) {
      refuse(session, settled.refuse, { call: openEntry(session, known, { sql, decidedUnder }), protocol: "extended" });
      return;
    }
    const upstreamSql = upstreamText(sql, tokens, known);
    const prepared: Prepared = { name, sql, tokens, parameterTypes, known, upstreamSql };
    session.pipeline.objects.statements.propose(name, prepared, session.pipeline.segment);
    if (name !== "") session.preparedMoving.add(name);
    session.pipeline.expect({ kind: "parse", prepared, hidden: false });
    session.upstream.send(upstreamSql === sql ? frame : encodeParse(name, upstreamSql, parameterTypes));
  };
  const analysed = prepareStatement(session, sql);
  return analysed instanceof Promise ? analysed.then(forward) : forward(analysed);
}

/** Bind: decided again where anything that the plan depends on has changed, then recorded and run. */
export function bindStatement(session: Session, frame: Buffer): undefined | Promise<void> {
  const names = readBindNames(frame);
  const prepared = session.pipeline.objects.statements.get(names.statement);
  if (prepared === undefined) {
    const which = names.statement === "" ? "unnamed prepared statement" : `prepared statement "${names.statement}"`;
    const refusal = { sqlstate: sqlstate.invalidStatementName, message: `${which} does not exist` };
    refuse(session, refusal, { call: null, protocol: "extended" });
    return undefined;
  }
  const { sql, tokens } = prepared;
  const parameters = () => readBind(frame).parameters;
  const portal = names.portal;
  const decidedUnder = session.broker.snapshot.version;
  const protocol = "extended";
  const invocation: Invocation = { protocol, sql, decidedUnder, tokens, frame, portal, prepared, parameters };
  const stands = prepared.known.key === planKey(session) && prepared.known.plan.reuse !== "never";
  if (stands && session.namesKnown && !session.namesMoving) {
    return runStatement(session, prepared.known, invocation);
  }
  const analysed = prepareStatement(session, sql);
  if (analysed instanceof Promise) return analysed.then(({ known }) => runStatement(session, known, invocation));
  return runStatement(session, analysed.known, invocation);
}

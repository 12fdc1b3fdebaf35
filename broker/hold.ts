import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Decision } from "@/lib/policy/types";
import type { Call, Invocation, KnownPlan } from "./calls";
import { contextOfSession, leafOfSession } from "./entry";
import { actorOf } from "./facts";
import { approvalRequest } from "./hold-request";
import type { ApprovalState } from "./ports";
import { encodeError } from "./protocol/encode";
import { sqlstate } from "./protocol/sqlstate";
import { cannotDecide, type Refusal, type RefusalDetail, refusalOfDenial, refusalOfSql } from "./refusal";
import { type Session, sayNow } from "./session-state";

/** Locks are held while a call waits in a transaction. */
export const holdInTransactionSecondsMax = 30;
const noticeMs = 30_000;
const pollMs = 1_000;

type HoldDecision = Extract<Decision, { effect: "hold" }>;
export type Held = { run: KnownPlan; approvalId: number } | { refuse: Refusal };
export type HoldOptions = {
  known: KnownPlan;
  invocation: Invocation;
  call: Call;
  /** what reviewers are told; null where it could not be had */
  estimatedRows: number | null;
  /** decides the same text again, with these hold policies waived */
  decideAgain(waived: string[]): Promise<KnownPlan>;
};

/**
 * Waits inside the client's call until enough people have agreed, one has refused, or the time is over. What was
 * approved is decided anew and used up before anything is forwarded.
 */
export async function hold(session: Session, options: HoldOptions): Promise<Held> {
  const { known, call } = options;
  const decision = known.plan.decision as HoldDecision;
  let opened: ApprovalState & { joined: boolean };
  try {
    opened = await session.broker.approvals.openApproval(approvalRequest(session, options, decision));
  } catch (error) {
    log("broker").error({ error: messageOf(error) }, "an approval could not be opened");
    return { refuse: cannotDecide("approvals cannot be asked for now", "the store is out of reach; try again") };
  }
  call.approvalId = opened.id;
  recordHeld(session, call, opened.id);
  const detail = detailOf(session, decision, opened);
  const state = await wait(session, { call, decision, opened, detail });
  if ("refuse" in state) return state;
  return release(session, options, { state, detail });
}

type Waiting = { call: Call; decision: HoldDecision; opened: ApprovalState; detail: RefusalDetail };

/** Resolves with the state that ended the wait, or with the refusal that the client gets. */
async function wait(session: Session, waiting: Waiting): Promise<ApprovalState | { refuse: Refusal }> {
  const { opened, detail } = waiting;
  const { broker } = session;
  if (opened.status !== "pending") return opened;
  const seconds = await waitSeconds(session, waiting.decision);
  if (seconds === 0) return { refuse: stillPending(opened.id, detail) };
  const deadline = broker.now() + seconds * 1_000;
  let interrupted: "cancelled" | "disconnected" | "ended" | null = null;
  let wake: () => void = () => undefined;
  const nudge = (): void => wake();
  session.phase = "held";
  session.interrupt = (why) => {
    interrupted ??= why;
    nudge();
  };
  const stopListening = await broker.bus
    .subscribe("approval", ({ id }) => (id === opened.id ? nudge() : undefined), nudge)
    .catch(() => () => undefined);
  const leave = joinWaiters(opened.id);
  try {
    let noticeAt = 0;
    for (;;) {
      if (interrupted !== null) return { refuse: await giveUp(session, opened.id, interrupted) };
      const state = await broker.approvals.readApprovalState(opened.id).catch(() => opened);
      if (state === null) return { refuse: ended({ ...opened, status: "withdrawn" }, detail) };
      if (state.status !== "pending") return state;
      const now = broker.now();
      if (now >= deadline) return { refuse: stillPending(opened.id, detail) };
      if (now >= noticeAt) {
        sayNow(session, noticeOf(opened.id, detail));
        noticeAt = now + noticeMs;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(pollMs, deadline - now));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (interrupted !== null) wake();
      });
    }
  } finally {
    stopListening();
    leave();
    session.interrupt = null;
    if (session.phase === "held") session.phase = "busy";
  }
}

/** Decides anew with the approval and uses it up. A new or changed hold, or a changed relation, supersedes it. */
async function release(
  session: Session,
  options: HoldOptions,
  { state, detail }: { state: ApprovalState; detail: RefusalDetail },
): Promise<Held> {
  if (state.status !== "approved" || (state.use !== "unused" && state.use !== "used")) {
    return { refuse: ended(state, detail) };
  }
  const { broker } = session;
  const { call } = options;
  const again = await options.decideAgain(state.policies);
  const { plan } = again;
  if (plan.refusal !== undefined) return { refuse: refusalOfSql(plan.refusal) };
  if (plan.decision.effect === "deny") return { refuse: refusalOfDenial(plan.decision) };
  const same = plan.bindingHash === options.known.plan.bindingHash;
  if (plan.decision.effect === "hold" || !same || !broker.snapshot.fresh) {
    const reason = same
      ? "other policies hold it now"
      : "what it touches, or its masks, changed after it was asked for";
    await broker.approvals.supersedeApproval(state.id, reason).catch(() => false);
    return { refuse: ended({ ...state, status: "superseded", endReason: reason }, detail) };
  }
  try {
    const used = await broker.approvals.useApproval({
      id: state.id,
      principal: actorOf(session.principal),
      database: session.database.name,
      bindingHash: plan.bindingHash,
      brokerId: broker.id,
      sessionId: session.id,
      entryId: call.entryId,
    });
    if (!used) return { refuse: ended({ ...state, endReason: "the approval was used already" }, detail) };
  } catch (error) {
    log("broker").error({ error: messageOf(error), approval: state.id }, "an approval could not be used");
    return { refuse: cannotDecide("the approval could not be used", "the store is out of reach; try again") };
  }
  broker.journal.append({
    kind: "statement.released",
    ...leafOfSession(session).fields,
    ...again.leaf.fields,
    context: contextOfSession(session, { plan, waived: state.policies }).fields,
    entryId: call.entryId,
    inTransaction: call.inTransaction,
    approvalId: state.id,
    heldMs: Math.max(0, Math.round(performance.now() - call.startedAt)),
  });
  return { run: again, approvalId: state.id };
}

async function waitSeconds(session: Session, decision: HoldDecision): Promise<number> {
  const asked = Math.min(decision.terms.waitSeconds, session.kept.waitSeconds ?? Number.POSITIVE_INFINITY);
  const { pipeline, upstream } = session;
  if (!pipeline.insideTransaction) return asked;
  const bounded = Math.min(asked, holdInTransactionSecondsMax);
  if (!pipeline.quiet || pipeline.status !== "T") return bounded;
  const reply = await pipeline.hidden(idleTimeoutSql, (bytes) => upstream.send(bytes));
  const timeoutMs = "rows" in reply ? Number(reply.rows[0]?.[0] ?? 0) : 0;
  return timeoutMs > 0 ? Math.min(bounded, (timeoutMs / 1_000) * idleTimeoutShare) : bounded;
}

/** The upstream ends a session that waits longer than this in a transaction; the wait ends before it does. */
const idleTimeoutSql = "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'idle_in_transaction_session_timeout'";
const idleTimeoutShare = 0.8;

/** Calls of this process that wait for the same request: only the last of them to give up withdraws it. */
const waiters = new Map<number, number>();

function joinWaiters(id: number): () => void {
  waiters.set(id, (waiters.get(id) ?? 0) + 1);
  return () => {
    const left = (waiters.get(id) ?? 1) - 1;
    if (left === 0) waiters.delete(id);
    else waiters.set(id, left);
  };
}

async function giveUp(session: Session, id: number, why: "cancelled" | "disconnected" | "ended"): Promise<Refusal> {
  const reason = {
    cancelled: "cancelled by the client",
    disconnected: "the client hung up",
    ended: "the session was ended",
  };
  if ((waiters.get(id) ?? 0) <= 1) {
    await session.broker.approvals
      .withdrawApproval(id, reason[why])
      .catch((error) => log("broker").warn({ error: messageOf(error), approval: id }, "a request was not withdrawn"));
  }
  return { sqlstate: sqlstate.queryCanceled, message: "cancelled while held for approval", approvalId: id };
}

function stillPending(id: number, detail: RefusalDetail): Refusal {
  return {
    sqlstate: sqlstate.holdPending,
    message: `still held for approval: request ${id}`,
    detail,
    hint: "repeat the same statement after it was approved",
    approvalId: id,
  };
}

function ended(state: ApprovalState, detail: RefusalDetail): Refusal {
  const status = state.status === "approved" ? (state.use ?? "approved") : state.status;
  const reason = state.endReason ?? `the request is ${status}`;
  return {
    sqlstate: sqlstate.holdEnded,
    message: `approval request ${state.id} ended: ${status}`,
    detail: { ...detail, decision: "deny", reason: `${status}: ${reason}` },
    hint: "nothing was run; send the statement again to ask anew",
    approvalId: state.id,
  };
}

function detailOf(session: Session, decision: HoldDecision, opened: ApprovalState): RefusalDetail {
  return {
    decision: "hold",
    policies: decision.policies,
    reason: decision.reason,
    request: String(opened.id),
    url: `${session.broker.consoleUrl}/approvals/${opened.id}`,
    retryAfterSeconds: 10,
  };
}

function noticeOf(id: number, detail: RefusalDetail): Buffer {
  return encodeError({
    severity: "NOTICE",
    sqlstate: sqlstate.successfulCompletion,
    message: `held for approval: request ${id}, ${detail.url}`,
    detail: JSON.stringify(detail),
  });
}

function recordHeld(session: Session, call: Call, approvalId: number): void {
  session.broker.journal.append({
    kind: "statement.held",
    ...leafOfSession(session).fields,
    ...call.known.leaf.fields,
    context: contextOfSession(session, { plan: call.known.plan, waived: [] }).fields,
    entryId: call.entryId,
    inTransaction: call.inTransaction,
    approvalId,
  });
  session.broker.flusher.schedule();
}

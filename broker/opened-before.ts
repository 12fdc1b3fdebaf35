import type { Call, KnownPlan, Rest } from "./calls";
import type { Plan } from "./plan";
import { sqlstate } from "./protocol/sqlstate";
import type { Refusal } from "./refusal";
import type { Session } from "./session-state";

/**
 * Portals and cursors stay open upstream as they were decided about, while policies change.
 * INVARIANT: nothing is read from what was opened under another snapshot before its text was decided about anew, and
 * had the same meaning and the same masks. Prepared statements need none of this: the protocol's are prepared again
 * with the masks of now, and EXECUTE is refused while columns are masked.
 */

/** Beyond this the oldest are forgotten: a forgotten cursor is an unknown one, never a trusted one. */
const cursorsMax = 10_000;
const noRests: readonly Rest[] = [];

/** The cursors of earlier calls that a text fetches from. */
export function restsOf(session: Session, { statements }: Plan, sql: string): readonly Rest[] {
  if (!statements.some(({ fetches }) => fetches !== undefined)) return noRests;
  const rests: Rest[] = [];
  const own = new Set<string>();
  for (const { declares, fetches } of statements) {
    if (declares !== undefined) own.add(declares.name);
    if (fetches !== undefined && !own.has(fetches)) rests.push(...cursorRests(session, fetches, sql));
  }
  return rests;
}

/** Portals of the protocol and cursors share their names. */
function cursorRests({ cursors, cursorsMoving, pipeline }: Session, name: string, sql: string): Rest[] {
  const calls = [cursors.get(name)?.opened, cursorsMoving.get(name), pipeline.objects.portals.get(name)?.call];
  const rests = calls.filter((call) => call !== undefined).map(cursorRest);
  return rests.length > 0 ? rests : [{ what: "unknown", sql }];
}

function cursorRest(opened: Call): Rest {
  return { what: "cursor", opened, waived: opened.waived };
}

/** What an Execute of a portal reads, where any of it was opened under another snapshot; otherwise null. */
export function staleRestsOfPortal(session: Session, { call }: { call: Call }): readonly Rest[] | null {
  if (call.decidedUnder === session.broker.snapshot.version && !areStale(session, call.rests)) return null;
  // Ending things is never refused.
  if (call.known.plan.statements.every(({ endsOnly }) => endsOnly)) return null;
  return [...call.rests, cursorRest(call)];
}

export function areStale(session: Session, rests: readonly Rest[]): boolean {
  return rests.length > 0 && rests.some((rest) => isStale(session, rest));
}

function isStale({ broker, openedUnder }: Session, rest: Rest): boolean {
  return (rest.what === "unknown" ? openedUnder : rest.opened.decidedUnder) !== broker.snapshot.version;
}

/** Decides about a text as the policies are now, with these hold policies waived. */
export type DecideNow = (sql: string, waived: string[]) => Promise<KnownPlan>;

/** Null where everything still means, and shows, what it did when it was opened. */
export async function refusesRests(
  session: Session,
  rests: readonly Rest[],
  decideNow: DecideNow,
): Promise<Refusal | null> {
  for (const rest of rests) {
    if (!isStale(session, rest)) continue;
    const { version } = session.broker.snapshot;
    const { plan } =
      rest.what === "unknown" ? await decideNow(rest.sql, []) : await decideNow(rest.opened.sql, rest.waived);
    if (!stands(rest, plan)) return changed;
    if (rest.what !== "unknown") rest.opened.decidedUnder = version;
  }
  return null;
}

function stands(rest: Rest, plan: Plan): boolean {
  if (plan.refusal !== undefined) return false;
  // Where nothing is masked for the principal, nothing can have been opened that would be masked now.
  if (rest.what === "unknown") return !plan.masksApply;
  return plan.decision.effect === "allow" && plan.bindingHash === rest.opened.known.plan.bindingHash;
}

const changed: Refusal = {
  sqlstate: sqlstate.featureNotSupported,
  message: "the policies, masks or tables changed since this cursor was opened",
  hint: "close it and open it again",
};

/** Registers the cursors that a call will declare, when it is sent. */
export function expectCursors(session: Session, call: Call): void {
  for (const { declares } of call.known.plan.statements) {
    if (declares !== undefined) session.cursorsMoving.set(declares.name, call);
  }
}

/** Follows DECLARE and CLOSE when the upstream has done them. */
export function noteCursors({ cursors }: Session, call: Call, statement: Plan["statements"][number]): void {
  const { declares, closes } = statement;
  if (closes === null) cursors.clear();
  else if (closes !== undefined) cursors.delete(closes);
  if (declares === undefined) return;
  const oldest = cursors.size >= cursorsMax ? cursors.keys().next().value : undefined;
  if (oldest !== undefined) cursors.delete(oldest);
  cursors.set(declares.name, { opened: call, hold: declares.hold });
}

/** No transaction is open any more: only cursors WITH HOLD are left. */
export function forgetTransactionCursors({ cursors }: Session): void {
  for (const [name, { hold }] of cursors) if (!hold) cursors.delete(name);
}

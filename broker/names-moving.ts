import { endsTransaction, uncertainNames } from "@/lib/analysis-names";
import type { Plan } from "./plan";
import type { Session } from "./session-state";

/**
 * Names mean what search_path, role and PREPARE have made of them, and what a message in flight makes of them is known
 * when the upstream has answered it.
 * INVARIANT: no name is resolved with a path, a role or a prepared statement that a message in flight may change.
 */

/** Notes what a plan, once it runs, may do to names. Called when a call, or an Execute of it, is sent. */
export function noteNames(session: Session, { statements }: Plan): void {
  for (const { prepares, deallocates } of statements) {
    if (prepares !== undefined) session.preparedMoving.add(prepares.name);
    if (deallocates !== undefined) session.preparedMoving.add(deallocates);
  }
  if (statements.some((statement) => statement.movesNames)) {
    session.namesTouched = true;
    session.namesMoving = true;
  } else if (session.namesTouched && statements.some((statement) => endsTransaction(statement.transaction))) {
    session.namesMoving = true;
  }
  if (session.overlay.length > 0 && statements.some((statement) => statement.dropsNames)) {
    session.namesMoving = true;
    session.overlay = session.overlay.filter(({ schema }) => !schema.startsWith("pg_temp_"));
    session.baseKey = "";
  }
}

/** Everything has been answered: path and role are what the upstream said, and a waiting message goes on. */
export function settleNames(session: Session): void {
  session.namesMoving = false;
  if (session.preparedMoving.size > 0) session.preparedMoving.clear();
  if (session.cursorsMoving.size > 0) session.cursorsMoving.clear();
  if (session.pipeline.status === "I") session.namesTouched = false;
  for (const wake of session.quietWaiters.splice(0)) wake();
}

const executes = /execute/i;

/** Whether a text has to wait for the upstream's answers; inside an unfinished pipeline there are none to wait for. */
export function mustWaitForNames(session: Session, sql: string): boolean {
  const { pipeline } = session;
  return (
    !pipeline.idle &&
    !pipeline.sentInSegment &&
    (session.namesMoving || (session.preparedMoving.size > 0 && executes.test(sql)))
  );
}

export function whenQuiet(session: Session): Promise<void> {
  return new Promise((resolve) => session.quietWaiters.push(resolve));
}

/** A plan whose names a message in flight, or an earlier statement of its own, may change: refused. */
export function refusesNames(session: Session, plan: Plan): typeof uncertainNames | null {
  const { pipeline } = session;
  let moving = session.namesMoving && !pipeline.quiet;
  for (const statement of plan.statements) {
    if (moving && statement.readsNames) return uncertainNames;
    if (statement.executes?.some((name) => isMoving(session, name))) return uncertainNames;
    moving ||= session.namesTouched && endsTransaction(statement.transaction);
  }
  return null;
}

function isMoving({ pipeline, preparedMoving }: Session, name: string): boolean {
  return !pipeline.quiet && (preparedMoving.has(name) || preparedMoving.has(null));
}

/** Forgets prepared statements that the upstream has freed, and what a SQL PREPARE has taken the name of. */
export function forgetPrepared(session: Session, name: string | null): void {
  const { statements } = session.pipeline.objects;
  const names = name === null ? [...session.sqlPrepared.keys(), ...statements.names()] : [name];
  for (const one of names) {
    session.sqlPrepared.delete(one);
    // DEALLOCATE leaves the unnamed statement alone.
    if (one !== "") statements.delete(one);
  }
}

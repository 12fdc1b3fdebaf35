import type { Call, KnownPlan } from "./calls";
import { sqlstate } from "./protocol/sqlstate";
import { cannotDecide, type Refusal, refusalOfDenial, refusalOfSql } from "./refusal";
import type { Session } from "./session-state";

/** run: the plan may go upstream. refuse: it may not. wait: people have to agree first. */
export type Settled = { run: KnownPlan } | { refuse: Refusal } | { wait: KnownPlan };

/** What becomes of a plan now. `call` is null at Parse, where a held statement is still described. */
export function settle(session: Session, known: KnownPlan, call: Call | null): Settled {
  const { plan } = known;
  const { snapshot } = session.broker;
  session.masksApply = plan.masksApply;
  if (plan.refusal !== undefined) return { refuse: refusalOfSql(plan.refusal) };
  // Ending things is never refused: a lease that ran out must not keep a transaction open.
  const endsOnly = plan.statements.every((statement) => statement.endsOnly);
  if (!endsOnly && !snapshot.fresh) {
    return {
      refuse: cannotDecide("the policies in force cannot be confirmed", "the store is out of reach; try again"),
    };
  }
  if (!endsOnly && session.pipeline.idle && session.pipeline.status === "E" && !endsTransactionFirst(known)) {
    return { refuse: inFailedTransaction };
  }
  switch (plan.decision.effect) {
    case "allow":
      return { run: known };
    case "deny":
      return { refuse: refusalOfDenial(plan.decision) };
    case "hold":
      return call === null ? { run: known } : { wait: known };
  }
}

const inFailedTransaction: Refusal = {
  sqlstate: sqlstate.inFailedTransaction,
  message: "current transaction is aborted, commands ignored until end of transaction block",
};

function endsTransactionFirst(known: KnownPlan): boolean {
  const first = known.plan.statements[0]?.transaction;
  return first === "rollback" || first === "commit" || first === "rollbackTo";
}

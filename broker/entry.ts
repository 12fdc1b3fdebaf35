import { type ContextLeaf, contextLeaf, type SessionLeaf, sessionLeaf } from "@/lib/audit/statement-leaf";
import { actorOf, factsOf } from "./facts";
import type { Plan } from "./plan";
import type { Session } from "./session-state";

/** Fields that all records of a session share, made once and again when they change. */
export function leafOfSession(session: Session): SessionLeaf {
  session.leaf ??= sessionLeaf({
    actor: actorOf(session.principal),
    address: session.clientAddress,
    application: session.applicationName,
    brokerId: session.broker.id,
    database: session.database.name,
    ...(session.kept.onBehalfOf === null ? {} : { onBehalfOf: session.kept.onBehalfOf }),
    ...(session.principal.owner === undefined ? {} : { owner: session.principal.owner }),
    sessionId: session.id,
  });
  return session.leaf;
}

type KnownContext = { second: number; kept: object; key: string; leaf: ContextLeaf };
const contexts = new WeakMap<Session, KnownContext>();
const secondMs = 1_000;

export type ContextOptions = { plan: Plan; waived: string[] };

/**
 * What the policies were told beside session and statement, for simulation. Exact to the second: making it anew for
 * every statement would cost more than the decision.
 */
export function contextOfSession(session: Session, { plan, waived }: ContextOptions): ContextLeaf {
  const second = Math.floor(session.broker.now() / secondMs);
  const { estimatedRows } = plan;
  const statementsInBatch = plan.statements.length;
  const key = `${statementsInBatch} ${estimatedRows ?? ""} ${session.broker.snapshot.epoch} ${waived.join(" ")}`;
  const known = contexts.get(session);
  if (known !== undefined && known.second === second && known.key === key && known.kept === session.kept)
    return known.leaf;
  const facts = factsOf(session);
  const leaf = contextLeaf({
    principalGroups: facts.principal.groups,
    databaseLabels: session.database.labels,
    tls: facts.session.tls,
    breakGlass: facts.session.breakGlass,
    ...(facts.session.purpose === undefined ? {} : { purpose: facts.session.purpose }),
    ...(facts.session.reason === undefined ? {} : { reason: facts.session.reason }),
    time: facts.time,
    usage: facts.usage,
    grants: facts.grants,
    waived,
    statementsInBatch,
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
  });
  contexts.set(session, { second, kept: session.kept, key, leaf });
  return leaf;
}

let stampedMs = 0;
let stamp = "";

/** ISO 8601 in UTC with milliseconds; formatted once per millisecond. */
export function timestamp(epochMs: number): string {
  if (epochMs !== stampedMs) {
    stampedMs = epochMs;
    stamp = new Date(epochMs).toISOString();
  }
  return stamp;
}

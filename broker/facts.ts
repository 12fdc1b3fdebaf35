import type { ConnectInput } from "@/lib/analysis-types";
import type { Principal, SessionFacts, TimeFacts } from "@/lib/policy/types";
import { decisionKey } from "@/lib/policy/volatile";
import type { SnapshotPrincipal } from "@/lib/snapshot";
import type { Session } from "./session-state";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** 1970-01-01 was a Thursday. */
const epochWeekday = 4;

/** `agent/NAME` or `person/EMAIL`. */
export function actorOf(principal: Pick<SnapshotPrincipal, "kind" | "name">): string {
  return `${principal.kind}/${principal.name}`;
}

export function principalOf(principal: SnapshotPrincipal): Principal {
  const { kind, name, groups, owner } = principal;
  return { kind, name, groups, ...(owner === undefined ? {} : { owner }) };
}

export function timeFacts(epochMs: number): TimeFacts {
  return {
    epochSeconds: Math.floor(epochMs / 1_000),
    hour: Math.floor((epochMs % dayMs) / hourMs),
    weekday: ((Math.floor(epochMs / dayMs) + epochWeekday - 1) % 7) + 1,
  };
}

export function sessionFacts(session: Session): SessionFacts {
  const { kept } = session;
  return {
    clientAddress: session.clientAddress,
    applicationName: session.applicationName,
    tls: session.tls,
    inTransaction: session.pipeline.insideTransaction,
    ...(kept.onBehalfOf === null ? {} : { onBehalfOf: kept.onBehalfOf }),
    ...(kept.reason === null ? {} : { reason: kept.reason }),
    ...(kept.purpose === null ? {} : { purpose: kept.purpose }),
    breakGlass: kept.breakGlass,
  };
}

/** What policies may know of this moment. */
export function factsOf(session: Session): ConnectInput {
  const { broker, principal, database } = session;
  return {
    principal: principalOf(principal),
    database: database.name,
    session: sessionFacts(session),
    time: timeFacts(broker.now()),
    usage: broker.usage.lastHour(actorOf(principal)),
    grants: [],
  };
}

/**
 * Two moments with the same key have the same plan for a text. What no policy reads is left out, so that a plan lives
 * as long as it is true.
 */
export function planKey(session: Session): string {
  const { broker } = session;
  const { snapshot } = broker;
  if (session.baseKey === "") {
    const { principal, database, searchPath, role, overlay } = session;
    const seen = overlay.map(({ oid, schema, name, columns }) => [oid, schema, name, columns.length]);
    session.baseKey = JSON.stringify([
      snapshot.epoch,
      actorOf(principal),
      principal.groups,
      principal.owner ?? null,
      database.name,
      searchPath,
      role,
      seen,
    ]);
  }
  const { reads } = snapshot;
  if (reads === null) return session.baseKey;
  const facts = {
    session: sessionFacts(session),
    time: timeFacts(broker.now()),
    usage: broker.usage.lastHour(actorOf(session.principal)),
  };
  return session.baseKey + decisionKey(reads, facts);
}

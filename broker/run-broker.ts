import { randomBytes } from "node:crypto";

import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Broker } from "./broker";
import { Cancels } from "./cancel-keys";
import { closeSession } from "./close-session";
import { endRevoked } from "./end-revoked";
import { Flusher } from "./flusher";
import { listen } from "./listener";
import { PlanCache } from "./plan-cache";
import type { Analyst, ApprovalStore, Bus, CatalogSource, JournalPort, SnapshotSource } from "./ports";
import type { Session } from "./session-state";
import { SnapshotHolder } from "./snapshot";
import type { TlsServer } from "./tls-server";
import { Usage } from "./usage";

export type BrokerDeps = {
  id: string;
  host: string;
  /** 0 takes a free one */
  port: number;
  tls: TlsServer | null;
  consoleUrl: string;
  /** Notes that a token opened a session. */
  touchToken(id: string): Promise<void>;
  /** hex key of the `token` masks of a database */
  tokenKey(database: string): string;
  /** 32 bytes, the same at every start, so that unknown users look alike */
  serverSecret: Buffer;
  snapshots: SnapshotSource;
  approvals: ApprovalStore;
  bus: Bus;
  journal: JournalPort & { newId(): string };
  analyst: Analyst;
  catalogs: CatalogSource;
  now?: () => number;
};

export type RunningBroker = {
  port: number;
  broker: Broker;
  /** Stops accepting, gives running statements time, ends what is left. */
  stop(): Promise<void>;
};

const tickMs = 1_000;
const drainMsMax = 5_000;
const drainCheckMs = 50;

/** Starts a broker with the parts it is given. @throws when the first snapshot or the port cannot be had */
export async function runBroker(deps: BrokerDeps): Promise<RunningBroker> {
  const now = deps.now ?? Date.now;
  const { bus, analyst, journal } = deps;
  const onError = (error: unknown): void => {
    log("broker").warn({ error: messageOf(error) }, "the snapshot could not be confirmed");
  };
  const snapshot = new SnapshotHolder({ source: deps.snapshots, analyst, bus, now, onError });
  const broker: Broker = {
    id: deps.id,
    now,
    newId: () => journal.newId(),
    journal,
    flusher: new Flusher(journal),
    approvals: deps.approvals,
    bus,
    catalogs: deps.catalogs,
    analyst,
    snapshot,
    plans: new PlanCache(),
    usage: new Usage(now),
    cancels: new Cancels(),
    sessions: new Set<Session>(),
    consoleUrl: deps.consoleUrl,
    touchToken: deps.touchToken,
    tokenKey: deps.tokenKey,
    serverSecret: deps.serverSecret.length > 0 ? deps.serverSecret : randomBytes(32),
  };
  await snapshot.start();
  let epoch = snapshot.epoch;
  snapshot.onChange(() => {
    if (snapshot.epoch !== epoch) broker.plans.clear();
    epoch = snapshot.epoch;
    endRevoked(broker);
  });
  const stopListening = await bus.subscribe("cancel", ({ key }) => {
    broker.cancels.cancelByHash(key);
  });
  const tick = setInterval(() => endRevoked(broker), tickMs);
  const listener = await listen(broker, { host: deps.host, port: deps.port, tls: deps.tls });
  return {
    port: listener.port,
    broker,
    stop: async () => {
      clearInterval(tick);
      stopListening();
      const closed = listener.stopAccepting();
      await drain(broker);
      snapshot.stop();
      await analyst.close();
      await closed;
    },
  };
}

/** Idle sessions end at once, running statements have some seconds. */
async function drain(broker: Broker): Promise<void> {
  const deadline = Date.now() + drainMsMax;
  while (broker.sessions.size > 0) {
    const late = Date.now() >= deadline;
    for (const session of broker.sessions) {
      if (late || (session.pipeline.idle && session.phase === "ready")) closeSession(session, "shutdown");
    }
    if (broker.sessions.size > 0) await new Promise((resolve) => setTimeout(resolve, drainCheckMs));
  }
}

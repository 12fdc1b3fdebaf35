import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { closeBus, publish, subscribe } from "@/lib/bus";
import { env, requireSetting } from "@/lib/env";
import { isAppError, isUnreachable, messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { parseKeyRing } from "@/lib/secrets";
import { systemActor } from "@/lib/store/actor";
import * as approvals from "@/lib/store/approvals";
import { beat, endBeat } from "@/lib/store/heartbeats";
import { loadSnapshot, readSnapshotVersion } from "@/lib/store/snapshot";
import { syncCatalog } from "@/lib/store/sync-catalog";
import { touchToken } from "@/lib/store/tokens";
import { startAnalyst } from "./analyst";
import { openJournal } from "./journal";
import { type RunningBroker, runBroker } from "./run-broker";
import { shipJournal } from "./ship-journal";
import { prepareTls } from "./tls-server";

const exitBadInput = 2;
const exitStoreUnreachable = 3;
const heartbeatMs = 5_000;

async function main(): Promise<void> {
  const settings = env();
  const id = settings.BROKER_ID ?? brokerIdOf(hostname());
  const key = firstKey(requireSetting("COUNTERSIGN_KEY"));
  const journal = openJournal({
    dir: join(settings.COUNTERSIGN_HOME, "journal"),
    brokerId: id,
    durability: settings.JOURNAL_DURABILITY,
  });
  const analyst = startAnalyst({ script: new URL("./analysis-worker.js", import.meta.url), workers: 1 });
  const shipper = shipJournal(journal);
  const running = await runBroker({
    id,
    host: settings.BROKER_HOST,
    port: settings.BROKER_PORT,
    tls: readTls(settings),
    consoleUrl: settings.CONSOLE_URL,
    touchToken,
    tokenKey: (database) => createHmac("sha256", key).update(`mask-token\0${database}`).digest("hex"),
    serverSecret: createHmac("sha256", key).update("scram-mock").digest(),
    snapshots: { readSnapshotVersion: () => readSnapshotVersion(), loadSnapshot },
    approvals,
    bus: { publish, subscribe },
    journal,
    analyst,
    catalogs: { syncCatalog: async (database) => void (await syncCatalog(database, systemActor(`broker/${id}`))) },
  });
  const heart = startHeart({
    id: `broker/${id}`,
    running,
    health: () => ({ ...journal.stats(), ...shipper.health() }),
  });
  console.log(JSON.stringify({ event: "ready", port: running.port }));
  const stop = async (): Promise<void> => {
    await running.stop();
    await heart.stop();
    await shipper.stop();
    await journal.close();
    await closeBus();
    process.exit(0);
  };
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop().catch((error) => fail(error));
    });
  }
}

type Heart = { id: string; running: RunningBroker; health: () => object };

/** Tells the store that this broker is alive, with what it decides from. */
function startHeart({ id, running, health }: Heart): { stop(): Promise<void> } {
  const { snapshot, sessions } = running.broker;
  const say = (): void => {
    beat({ id, snapshotVersion: snapshot.version, details: { sessions: sessions.size, ...health() } }).catch(
      (error) => {
        log("broker").debug({ error: messageOf(error) }, "the store did not take a heartbeat");
      },
    );
  };
  say();
  const timer = setInterval(say, heartbeatMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await endBeat(id).catch(() => undefined);
    },
  };
}

/** The key that seals now; masks and mock salts change with it, so it is the first of the ring. */
function firstKey(setting: string): Buffer {
  const parsed = parseKeyRing(setting);
  if (!parsed.ok) throw new Error(`COUNTERSIGN_KEY ${parsed.fault}`);
  return parsed.ring.keys.get(parsed.ring.current)!;
}

function readTls({ BROKER_TLS_CERT, BROKER_TLS_KEY }: ReturnType<typeof env>) {
  if (BROKER_TLS_CERT === undefined || BROKER_TLS_KEY === undefined) return null;
  return prepareTls(readFileSync(BROKER_TLS_CERT, "utf8"), readFileSync(BROKER_TLS_KEY, "utf8"));
}

function brokerIdOf(host: string): string {
  return (
    host
      .toLowerCase()
      .replace(/[^a-z0-9-]/g, "-")
      .replace(/^-+/, "")
      .slice(0, 63) || "broker"
  );
}

function fail(error: unknown): never {
  if (isAppError(error) && error.code === "invalid") {
    for (const fault of error.faults.length > 0 ? error.faults : [error.message]) console.error(fault);
    process.exit(exitBadInput);
  }
  const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  if (taken) {
    console.error(`port ${env().BROKER_PORT} of ${env().BROKER_HOST} is taken: stop what uses it or set BROKER_PORT`);
    process.exit(exitBadInput);
  }
  log("broker").fatal({ error: messageOf(error) }, "the broker could not start");
  process.exit(isUnreachable(error) ? exitStoreUnreachable : 1);
}

main().catch(fail);

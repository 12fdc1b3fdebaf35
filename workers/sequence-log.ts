import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { publish, subscribe } from "@/lib/bus";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { clearAlarm, raiseAlarm } from "@/lib/store/audit-alarms";
import { CheckpointKeeper } from "@/lib/store/audit-checkpoint";
import { ensureLogKey, readLogKey, readLogVerifiers } from "@/lib/store/audit-key";
import { lockSequencer, sequenceBatchMax, sequenceOnce } from "@/lib/store/sequencer";

/** Looked for waiting events at least this often, nudged or not. */
const sweepMs = 1_000;
const checkpointMs = 60_000;
/** Another sequencer is asked for its place this often. */
const standbyMs = 1_000;
const retryMsMax = 5_000;
const connectTimeoutMs = 5_000;
/** The queue table is vacuumed after so many events: autovacuum comes too late for a table that is emptied all day. */
const vacuumEvents = 100_000;

export type SequenceLogDeps = {
  /** DATABASE_OWNER_URL */
  ownerUrl: string;
  /** COUNTERSIGN_HOME: keys and external checkpoints */
  home: string;
};

export type LogSequencer = { stop(): Promise<void> };

type Loop = SequenceLogDeps & { stopped: boolean; nudged: boolean; wake: () => void; keeper: CheckpointKeeper };

/**
 * Moves events into the log and seals it, until stopped. Any number of processes may run it: one works, the others
 * wait for its place. Losing the connection loses the place and nothing else.
 */
export async function sequenceLog(deps: SequenceLogDeps): Promise<LogSequencer> {
  await ensureLogKey(deps.home);
  const loop: Loop = { ...deps, stopped: false, nudged: false, wake: () => undefined, keeper: new CheckpointKeeper() };
  const nudge = () => {
    loop.nudged = true;
    loop.wake();
  };
  const unsubscribe = await subscribe("inbox", nudge, nudge);
  const running = run(loop);
  return {
    async stop() {
      loop.stopped = true;
      loop.wake();
      await running;
      unsubscribe();
    },
  };
}

async function run(loop: Loop): Promise<void> {
  for (let failures = 0; !loop.stopped; ) {
    const client = new pg.Client({
      connectionString: loop.ownerUrl,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: "countersign sequencer",
    });
    client.on("error", () => loop.wake());
    try {
      await client.connect();
      await work(loop, client);
      failures = 0;
    } catch (error) {
      failures += 1;
      log("sequencer").warn({ error: messageOf(error), failures }, "the log is not being written; trying again");
      await sleep(Math.min(retryMsMax, 100 * 2 ** Math.min(failures, 10)));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Works on one connection until it fails or the loop is stopped. */
async function work(loop: Loop, client: pg.Client): Promise<void> {
  while (!(await lockSequencer(client))) {
    if (loop.stopped) return;
    await idle(loop, standbyMs);
  }
  let checkpointAt = 0;
  let sinceVacuum = 0;
  while (!loop.stopped) {
    loop.nudged = false;
    const { taken, last } = await sequenceOnce(client);
    if (last !== null) await publish("feed", { position: last.toString() }).catch(() => undefined);
    sinceVacuum += taken;
    if (taken < sequenceBatchMax && sinceVacuum >= vacuumEvents) {
      await client.query("vacuum audit_inbox");
      sinceVacuum = 0;
    }
    if (Date.now() >= checkpointAt) {
      checkpointAt = Date.now() + checkpointMs;
      await seal(loop, client);
    }
    if (taken < sequenceBatchMax && !loop.nudged) await idle(loop, sweepMs);
  }
  // What was written on the way down is sealed now rather than at the next start.
  while ((await sequenceOnce(client)).taken === sequenceBatchMax);
  await seal(loop, client);
}

async function seal({ keeper, home }: Loop, client: pg.Client): Promise<void> {
  const alarms = { actor: "system/sequencer", subject: "log" };
  try {
    const [signer, verifiers] = [await readLogKey(home), await readLogVerifiers(home)];
    const result = await keeper.checkpoint({ client, home, signer, verifiers, now: new Date() });
    if (result.status === "refused") {
      const raised = await raiseAlarm(client, { ...alarms, alarm: result.alarm, message: result.message });
      if (raised) log("sequencer").fatal({ alarm: result.alarm }, `the log is not signed: ${result.message}`);
      return;
    }
    await clearAlarm(client, { ...alarms, alarm: "checkpoint-failed" });
  } catch (error) {
    log("sequencer").error({ error }, "no checkpoint could be signed");
    await raiseAlarm(client, { ...alarms, alarm: "checkpoint-failed", message: messageOf(error) });
  }
}

function idle(loop: Loop, ms: number): Promise<void> {
  if (loop.stopped) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    loop.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

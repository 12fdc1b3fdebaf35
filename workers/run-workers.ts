import { hostname } from "node:os";

import { subscribe } from "@/lib/bus";
import { env, requireSetting } from "@/lib/env";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { closeQueues, enqueue, type SweepTask, scheduleSweep, startWorker } from "@/lib/queues";
import { messageFacts } from "@/lib/store/deliveries";
import { beat, endBeat } from "@/lib/store/heartbeats";
import { checkShipping } from "./check-shipping";
import { expireApprovals } from "./expire-approvals";
import { hasChannel, notifyApproval, transitionOf } from "./notify-approval";
import { closeMail, sendEmail } from "./send-email";
import { sendSlack } from "./send-slack";
import { sequenceLog } from "./sequence-log";
import { sweepDeliveries } from "./sweep-deliveries";
import { syncCatalogs } from "./sync-catalogs";

const beatEveryMs = 5_000;
const messagesAtOnce = 4;

const sweeps: Record<SweepTask, { everySeconds: number; run: () => Promise<void> }> = {
  "expire-approvals": { everySeconds: 10, run: expireApprovals },
  "sweep-deliveries": { everySeconds: 30, run: sweepDeliveries },
  "sync-catalogs": { everySeconds: 300, run: syncCatalogs },
  "check-shipping": { everySeconds: 30, run: () => checkShipping() },
};

export type RunningWorkers = { id: string; stop(): Promise<void> };

/**
 * Starts every job of this process: the log's sequencer, the queues' workers, the sweeps and the nudges. Any number
 * of processes may run side by side; `stop` lets running jobs finish.
 */
export async function runWorkers(): Promise<RunningWorkers> {
  const id = `workers/${hostname()}-${process.pid}`;
  const sequencer = await sequenceLog({ ownerUrl: requireSetting("DATABASE_OWNER_URL"), home: env().COUNTERSIGN_HOME });
  await startWorker("notify-approval", notifyApproval, { concurrency: messagesAtOnce });
  await startWorker("send-email", sendEmail, { concurrency: messagesAtOnce });
  await startWorker("send-slack", sendSlack, { concurrency: messagesAtOnce });
  await startWorker("sweep", ({ task }) => sweeps[task].run());
  for (const [task, { everySeconds }] of Object.entries(sweeps)) await scheduleSweep(task as SweepTask, everySeconds);
  const stopNudges = await subscribe("approval", (nudge) => void onApproval(nudge.id), onGap);
  await beat({ id });
  const beating = setInterval(() => {
    beat({ id }).catch((error) => log("workers").warn({ error: messageOf(error) }, "no heartbeat"));
  }, beatEveryMs);
  return {
    id,
    async stop() {
      clearInterval(beating);
      stopNudges();
      await closeQueues();
      await sequencer.stop();
      closeMail();
      await endBeat(id).catch(() => undefined);
    },
  };
}

/** A request changed: plan its messages now. Every process hears it; the key makes it one job. */
async function onApproval(approvalId: number): Promise<void> {
  if (!hasChannel()) return;
  try {
    const facts = await messageFacts(approvalId);
    if (facts === null) return;
    const transition = transitionOf(facts);
    await enqueue("notify-approval", { approvalId, transition }, { key: `${approvalId}-${transition}` });
  } catch (error) {
    log("workers").warn({ error: messageOf(error), approvalId }, "a nudge was lost; the sweep will find it");
  }
}

function onGap(): void {
  expireApprovals()
    .then(sweepDeliveries)
    .catch((error) => log("workers").warn({ error: messageOf(error) }, "a sweep failed"));
}

import { closeBus } from "@/lib/bus";
import { closeDb } from "@/lib/db";
import { isAppError, isUnreachable, messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { type RunningWorkers, runWorkers } from "./run-workers";

// Longer than any message may take; what is still running then is found by a sweep.
const stopMsMax = 45_000;

let workers: RunningWorkers | undefined;
let stopping = false;

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log("workers").info({ signal }, "stopping");
  setTimeout(() => process.exit(1), stopMsMax).unref();
  await workers?.stop();
  await closeBus();
  await closeDb();
  process.exit(0);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(signal));
process.on("unhandledRejection", (error) => {
  log("workers").fatal({ error }, "a promise was left behind");
  process.exit(1);
});

try {
  workers = await runWorkers();
  process.stdout.write(`${JSON.stringify({ ready: "workers", id: workers.id, pid: process.pid })}\n`);
} catch (error) {
  const lines = isAppError(error) && error.faults.length > 0 ? error.faults : [messageOf(error)];
  process.stderr.write(lines.map((line) => `workers: ${line}\n`).join(""));
  process.exit(isUnreachable(error) ? 3 : isAppError(error) ? 2 : 1);
}

import {
  createPostgresBackend,
  createRedisBackend,
  type Job,
  type JobsOptions,
  Queue,
  type QueueOptions,
  runMigrations,
  Worker,
  type WorkerOptions,
} from "bullmq";
import type pg from "pg";
import { z } from "zod";

import { env, requireSetting } from "@/lib/env";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";

/** Where BullMQ keeps its tables on PostgreSQL. */
export const queueSchema = "bullmq";

const attemptsMax = 8;
const backoffFirstMs = 2_000;
const keepDoneSeconds = 3_600;
const keepFailedSeconds = 7 * 86_400;
const poolConnectionsMax = 2;

const transitionSchema = z.enum(["opened", "approved", "denied", "expired", "withdrawn", "superseded"]);

const sweepTaskSchema = z.enum(["expire-approvals", "sweep-deliveries", "sync-catalogs", "check-shipping"]);
export type SweepTask = z.infer<typeof sweepTaskSchema>;

/** One queue per job: a dead channel must not block another. A payload is ids; the store holds the truth. */
const payloads = {
  "notify-approval": z.object({ approvalId: z.number().int(), transition: transitionSchema }),
  "send-email": z.object({ deliveryId: z.uuid() }),
  "send-slack": z.object({ deliveryId: z.uuid() }),
  sweep: z.object({ task: sweepTaskSchema }),
};

export type JobName = keyof typeof payloads;
export type JobPayload<Name extends JobName> = z.infer<(typeof payloads)[Name]>;
export type JobHandler<Name extends JobName> = (
  payload: JobPayload<Name>,
  attempt: { number: number; last: boolean },
) => Promise<void>;

const defaultJobOptions: JobsOptions = {
  attempts: attemptsMax,
  backoff: { type: "exponential", delay: backoffFirstMs, jitter: 0.5 },
  removeOnComplete: { age: keepDoneSeconds },
  removeOnFail: { age: keepFailedSeconds },
};

const queues = new Map<JobName, Queue>();
const workers = new Set<Worker>();

/**
 * Nudges a worker. `key` makes the job unique while it is queued or kept: the same key is one job.
 * @throws what the backend throws; callers outside a worker treat the nudge as optional, a sweep finds the rest.
 */
export async function enqueue<Name extends JobName>(
  name: Name,
  payload: JobPayload<Name>,
  options: { key?: string; delayMs?: number } = {},
): Promise<void> {
  await queueFor(name).add(name, payloads[name].parse(payload), {
    ...(options.key === undefined ? {} : { jobId: options.key }),
    ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
  });
}

/** Runs a sweep task again and again; every workers process may call it, the schedule exists once. */
export async function scheduleSweep(task: SweepTask, everySeconds: number): Promise<void> {
  await queueFor("sweep").upsertJobScheduler(
    task,
    { every: everySeconds * 1_000 },
    { name: "sweep", data: { task }, opts: { attempts: 1 } },
  );
}

/** Handles the jobs of a queue until `closeQueues`. A payload that does not parse fails at once, unretried. */
export async function startWorker<Name extends JobName>(
  name: Name,
  handle: JobHandler<Name>,
  options: { concurrency: number } = { concurrency: 1 },
): Promise<void> {
  const process = async (job: Job): Promise<void> => {
    const parsed = payloads[name].safeParse(job.data);
    if (!parsed.success) {
      log("queues").error({ queue: name, job: job.id }, "a job with a malformed payload was dropped");
      return;
    }
    const number = job.attemptsMade + 1;
    await handle(parsed.data as JobPayload<Name>, { number, last: number >= (job.opts.attempts ?? 1) });
  };
  const { connection, factory } = backend();
  const worker = new Worker(name, process, { connection, concurrency: options.concurrency } as WorkerOptions, factory);
  worker.on("error", (error) =>
    log("queues").warn({ queue: name, error: messageOf(error) }, "a worker reported an error"),
  );
  worker.on("failed", (job, error) => {
    log("queues").warn(
      { queue: name, job: job?.id, attempt: job?.attemptsMade, error: messageOf(error) },
      "a job failed",
    );
  });
  workers.add(worker);
  await worker.waitUntilReady();
}

/** Waits for running jobs, then closes every queue and worker of this process. */
export async function closeQueues(): Promise<void> {
  const closing = [...workers, ...queues.values()];
  workers.clear();
  queues.clear();
  await Promise.all(closing.map((part) => part.close()));
}

/** Brings BullMQ's own tables up to date. `client` is one dedicated connection of the owner. */
export async function migrateQueues(client: pg.ClientBase): Promise<void> {
  await runMigrations(client as unknown as Parameters<typeof runMigrations>[0], queueSchema);
}

function queueFor(name: JobName): Queue {
  let queue = queues.get(name);
  if (queue === undefined) {
    const { connection, factory } = backend();
    queue = new Queue(name, { connection, defaultJobOptions } as QueueOptions, factory);
    queue.on("error", (error) =>
      log("queues").warn({ queue: name, error: messageOf(error) }, "a queue reported an error"),
    );
    queues.set(name, queue);
  }
  return queue;
}

// BullMQ's types know Redis only where no factory is named; the cast is confined to this function.
function backend(): { connection: QueueOptions["connection"]; factory: undefined } {
  const { REDIS_URL } = env();
  if (REDIS_URL !== undefined) {
    return {
      connection: { url: REDIS_URL, maxRetriesPerRequest: null },
      factory: createRedisBackend as unknown as undefined,
    };
  }
  const connection = {
    connectionString: requireSetting("DATABASE_URL"),
    schema: queueSchema,
    max: poolConnectionsMax,
    keepAlive: true,
  };
  return {
    connection: connection as unknown as QueueOptions["connection"],
    factory: createPostgresBackend as unknown as undefined,
  };
}

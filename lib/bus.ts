import { z } from "zod";

import type { BusBackend, BusEvents } from "@/lib/bus-backend";
import { startPostgresBus } from "@/lib/bus-postgres";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

/**
 * Nudges between processes, at most once: every listener also polls, because a nudge can be lost while a
 * connection is down. Payloads are ids, never content.
 */
const channels = {
  /** what brokers decide from has changed */
  snapshot: z.object({ version: z.string() }),
  /** an approval changed its status or its use */
  approval: z.object({ id: z.number().int() }),
  /** the log grew; the last position in it */
  feed: z.object({ position: z.string() }),
  /** events wait in the inbox for the sequencer */
  inbox: z.object({}),
  /** a cancel request for a session of another broker: SHA-256 hex of its backend key data */
  cancel: z.object({ key: z.string() }),
};

export type BusChannel = keyof typeof channels;
export type BusPayload<Channel extends BusChannel> = z.infer<(typeof channels)[Channel]>;

type Listener = { handle: (text: string) => void; gap: (() => void) | undefined };

const listeners = new Map<string, Set<Listener>>();
let backend: Promise<BusBackend> | undefined;

/**
 * Tells every process that listens. Resolves once the nudge is handed over.
 * @throws what the connection throws; a caller for whom the nudge is optional catches it.
 */
export async function publish<Channel extends BusChannel>(
  channel: Channel,
  payload: BusPayload<Channel>,
): Promise<void> {
  await (await start()).publish(channel, JSON.stringify(payload));
}

/**
 * Listens on a channel; resolves once the subscription stands, with the function that ends it.
 * @param onGap runs after the connection was lost and is back: nudges may be missing, so look for yourself.
 */
export async function subscribe<Channel extends BusChannel>(
  channel: Channel,
  handle: (payload: BusPayload<Channel>) => void,
  onGap?: () => void,
): Promise<() => void> {
  const listener: Listener = {
    handle(text) {
      const parsed = channels[channel].safeParse(parseJson(text));
      if (parsed.success) handle(parsed.data as BusPayload<Channel>);
      else log("bus").warn({ channel }, "a malformed nudge was dropped");
    },
    gap: onGap,
  };
  const set = listeners.get(channel) ?? new Set();
  listeners.set(channel, set);
  set.add(listener);
  await (await start()).listen(channel);
  return () => {
    set.delete(listener);
  };
}

/** Ends all subscriptions and connections of the bus. */
export async function closeBus(): Promise<void> {
  const closing = backend;
  backend = undefined;
  listeners.clear();
  if (closing !== undefined) await (await closing).close();
}

function start(): Promise<BusBackend> {
  if (backend === undefined) {
    const events: BusEvents = {
      onText: (channel, text) => {
        each(listeners.get(channel) ?? [], (listener) => listener.handle(text));
      },
      onGap: () => {
        for (const set of listeners.values()) each(set, (listener) => listener.gap?.());
      },
    };
    const { REDIS_URL } = env();
    const starting = REDIS_URL === undefined ? startPostgresBus(events) : startRedis(REDIS_URL, events);
    backend = starting;
    starting.catch(() => {
      if (backend === starting) backend = undefined;
    });
  }
  return backend;
}

// Loaded where it is used: a broker without Redis does without its client.
async function startRedis(url: string, events: BusEvents): Promise<BusBackend> {
  const { startRedisBus } = await import("@/lib/bus-redis");
  return startRedisBus(url, events);
}

function each(set: Iterable<Listener>, run: (listener: Listener) => void): void {
  for (const listener of set) {
    try {
      run(listener);
    } catch (error) {
      log("bus").error({ error }, "a listener failed");
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

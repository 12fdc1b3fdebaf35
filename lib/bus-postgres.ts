import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

import type { BusBackend, BusEvents } from "@/lib/bus-backend";
import { db } from "@/lib/db";
import { requireSetting } from "@/lib/env";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";

const namePrefix = "countersign_";
const connectTimeoutMs = 5_000;
const retryFirstMs = 100;
const retryMaxMs = 5_000;
const probeEveryMs = 10_000;
const probeTimeoutMs = 5_000;

type State = { client: pg.Client | undefined; channels: Set<string>; closed: boolean; events: BusEvents };

/**
 * LISTEN on one dedicated connection that is rebuilt whenever it is lost, NOTIFY through the pool. The connection
 * is probed, because a half-open one would be silent for ever.
 */
export async function startPostgresBus(events: BusEvents): Promise<BusBackend> {
  const state: State = { client: undefined, channels: new Set(), closed: false, events };
  await connect(state);
  const probe = setInterval(() => void check(state), probeEveryMs);
  probe.unref();
  return {
    async publish(channel, text) {
      await db().query("select pg_notify($1, $2)", [namePrefix + channel, text]);
    },
    async listen(channel) {
      if (state.channels.has(channel)) return;
      state.channels.add(channel);
      // While the connection is being rebuilt, the rebuild listens to every channel of the set.
      await state.client?.query(`listen ${namePrefix}${channel}`);
    },
    async close() {
      state.closed = true;
      clearInterval(probe);
      const { client } = state;
      state.client = undefined;
      await client?.end().catch(() => undefined);
    },
  };
}

async function connect(state: State): Promise<void> {
  const client = new pg.Client({
    connectionString: requireSetting("DATABASE_URL"),
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: "countersign bus",
  });
  client.on("error", (error) => lose(state, client, error));
  client.on("end", () => lose(state, client, new Error("the connection ended")));
  client.on("notification", ({ channel, payload }) => {
    if (channel.startsWith(namePrefix)) state.events.onText(channel.slice(namePrefix.length), payload ?? "");
  });
  try {
    await client.connect();
    for (const channel of state.channels) await client.query(`listen ${namePrefix}${channel}`);
  } catch (error) {
    client.end().catch(() => undefined);
    throw error;
  }
  if (state.closed) await client.end();
  else state.client = client;
}

function lose(state: State, client: pg.Client, error: Error): void {
  if (state.client !== client || state.closed) return;
  state.client = undefined;
  log("bus").warn({ error: error.message }, "the bus lost its connection and is reconnecting");
  client.end().catch(() => undefined);
  void reconnect(state);
}

async function reconnect(state: State): Promise<void> {
  let waitMs = retryFirstMs;
  while (!state.closed) {
    await sleep(waitMs, undefined, { ref: false });
    try {
      await connect(state);
      break;
    } catch (error) {
      log("bus").debug({ error: messageOf(error) }, "the bus could not reconnect yet");
      waitMs = Math.min(waitMs * 2, retryMaxMs);
    }
  }
  if (!state.closed) state.events.onGap();
}

async function check(state: State): Promise<void> {
  const { client } = state;
  if (client === undefined) return;
  const late = new AbortController();
  try {
    await Promise.race([
      client.query("select 1"),
      sleep(probeTimeoutMs, undefined, { ref: false, signal: late.signal }).then(() => {
        throw new Error(`no answer within ${probeTimeoutMs} ms`);
      }),
    ]);
  } catch (error) {
    lose(state, client, error instanceof Error ? error : new Error(messageOf(error)));
  } finally {
    late.abort();
  }
}

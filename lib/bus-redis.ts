import type { BusBackend, BusEvents } from "@/lib/bus-backend";
import { log } from "@/lib/log";

const namePrefix = "countersign:";
const retryMaxMs = 5_000;

/** Redis pub/sub: one connection that subscribes, one that publishes; ioredis reconnects and resubscribes. */
export async function startRedisBus(url: string, events: BusEvents): Promise<BusBackend> {
  const { Redis } = await import("ioredis");
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, retryMaxMs),
  };
  const listening = new Redis(url, { ...options, maxRetriesPerRequest: null });
  const publishing = new Redis(url, options);
  let connected = false;
  for (const connection of [listening, publishing]) {
    connection.on("error", (error: Error) => log("bus").warn({ error: error.message }, "the bus lost its connection"));
  }
  listening.on("ready", () => {
    if (connected) events.onGap();
    connected = true;
  });
  listening.on("message", (channel: string, text: string) => {
    if (channel.startsWith(namePrefix)) events.onText(channel.slice(namePrefix.length), text);
  });
  await Promise.all([listening.connect(), publishing.connect()]);
  return {
    async publish(channel, text) {
      await publishing.publish(namePrefix + channel, text);
    },
    async listen(channel) {
      await listening.subscribe(namePrefix + channel);
    },
    async close() {
      listening.disconnect();
      publishing.disconnect();
    },
  };
}

import { subscribe } from "@/lib/bus";
import { log } from "@/lib/log";
import { readLastPosition } from "./feed";

/** Without a nudge the log is looked at this often, while somebody watches. */
const pollMs = 1_000;
/** Nudges within this time become one. */
const gatherMs = 100;

type Watcher = () => void;

// One look at the log for every open feed of the process, by nudge of the bus and by the clock.
const watchers = new Set<Watcher>();
let position = "-1";
let timer: ReturnType<typeof setInterval> | undefined;
let gathering: ReturnType<typeof setTimeout> | undefined;
let unsubscribe: Promise<() => void> | undefined;

/** Calls `watcher` whenever the log may have grown, until the returned function is called. */
export function watchFeed(watcher: Watcher): () => void {
  watchers.add(watcher);
  if (watchers.size === 1) start();
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) stop();
  };
}

function start(): void {
  timer = setInterval(() => void look(), pollMs);
  unsubscribe = subscribe("feed", nudge, nudge);
  unsubscribe.catch((error: unknown) => {
    log("feed").warn({ error }, "the bus cannot be heard; the feed goes by the clock");
    unsubscribe = undefined;
  });
}

function stop(): void {
  clearInterval(timer);
  clearTimeout(gathering);
  timer = undefined;
  gathering = undefined;
  void unsubscribe?.then((end) => end()).catch(() => {});
  unsubscribe = undefined;
}

function nudge(): void {
  gathering ??= setTimeout(() => {
    gathering = undefined;
    for (const watcher of watchers) watcher();
  }, gatherMs);
}

async function look(): Promise<void> {
  try {
    const last = await readLastPosition();
    if (last === position) return;
    position = last;
    nudge();
  } catch {
    // The store is away; the next look finds what was missed.
  }
}

"use client";

import { useSyncExternalStore } from "react";

// One timer for every relative time on the page, at the pace of the finest that is shown.
const tickMs = 5_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, tickMs);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function readNow(): number {
  // Without listeners nobody keeps the time; the first reader after a pause refreshes it.
  if (timer === undefined) now = Math.floor(Date.now() / tickMs) * tickMs;
  return now;
}

/** Epoch milliseconds, renewed every five seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, readNow, readNow);
}

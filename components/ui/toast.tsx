"use client";

import { clsx } from "clsx";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { Button } from "./button";

type ToastTone = "done" | "failed";
type ToastEntry = { id: number; tone: ToastTone; message: string };

const shownMs = 6_000;
const entriesMax = 4;
let entries: ToastEntry[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: ToastEntry[]): void {
  entries = next;
  for (const listener of listeners) listener();
}

/** Says that something worked or did not, from anywhere in the browser. Errors of a form belong into the form. */
export function toast(message: string, tone: ToastTone = "done"): void {
  publish([...entries, { id: nextId++, tone, message }].slice(-entriesMax));
}

const none: ToastEntry[] = [];

/** Once, in the layout. */
export function Toaster() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entries,
    () => none,
  );
  return (
    <div aria-live="polite" className="pointer-events-none fixed right-4 bottom-4 z-60 flex w-80 flex-col gap-2">
      {shown.map((entry) => (
        <ToastCard key={entry.id} entry={entry} />
      ))}
    </div>
  );
}

function ToastCard({ entry }: { entry: ToastEntry }) {
  const close = () => publish(entries.filter((each) => each.id !== entry.id));
  useEffect(() => {
    const timer = setTimeout(() => publish(entries.filter((each) => each.id !== entry.id)), shownMs);
    return () => clearTimeout(timer);
  }, [entry.id]);
  const Icon = entry.tone === "done" ? CircleCheck : CircleAlert;
  return (
    <div className="pointer-events-auto flex animate-slide-in items-start gap-2 rounded-md border border-line-strong/50 bg-raised py-2 pr-1.5 pl-3 text-sm">
      <Icon
        className={clsx("mt-0.5 size-4 shrink-0", entry.tone === "done" ? "text-allow" : "text-deny")}
        aria-hidden
      />
      <p className="min-w-0 flex-1 wrap-anywhere">{entry.message}</p>
      <Button variant="quiet" size="icon-sm" aria-label="Dismiss" onClick={close}>
        <X aria-hidden />
      </Button>
    </div>
  );
}

"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

export type Shortcut = {
  /** Pressed one after the other: ["g", "f"], ["j"], ["?"], ["Space"]. */
  keys: string[];
  label: string;
  run: () => void;
};

type Registered = { group: string; shortcuts: Shortcut[] };

const sequenceMs = 1_000;
const storageKey = "countersign.shortcuts";
const registered = new Set<Registered>();
const listeners = new Set<() => void>();
let snapshot: Registered[] = [];
let pressed: { key: string; at: number } | undefined;

function changed(): void {
  snapshot = [...registered];
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Registers single-key shortcuts while the component is shown. `group` is their heading in the help. */
export function useShortcuts(group: string, shortcuts: Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const shape = shortcuts.map((shortcut) => `${shortcut.keys.join(" ")}\t${shortcut.label}`).join("\n");
  useEffect(() => {
    const entry: Registered = {
      group,
      shortcuts: shape.split("\n").map((line, index) => {
        const [keys, label] = line.split("\t") as [string, string];
        return { keys: keys.split(" "), label, run: () => latest.current[index]?.run() };
      }),
    };
    registered.add(entry);
    if (registered.size === 1) document.addEventListener("keydown", onKeyDown);
    changed();
    return () => {
      registered.delete(entry);
      if (registered.size === 0) document.removeEventListener("keydown", onKeyDown);
      changed();
    };
  }, [group, shape]);
}

/** Every shortcut of the page as it is, by heading. */
export function useRegisteredShortcuts(): { group: string; shortcuts: Shortcut[] }[] {
  return useSyncExternalStore(
    subscribe,
    () => snapshot,
    () => snapshot,
  );
}

/** Single keys can be switched off, for speech input and for those who type by mistake (WCAG 2.1.4). */
export function useShortcutsEnabled(): [boolean, (enabled: boolean) => void] {
  const enabled = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(storageKey) !== "off",
    () => true,
  );
  return [
    enabled,
    (next) => {
      localStorage.setItem(storageKey, next ? "on" : "off");
      changed();
    },
  ];
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
  if (localStorage.getItem(storageKey) === "off") return;
  const key = event.key === " " ? "Space" : event.key;
  const now = Date.now();
  const before = pressed !== undefined && now - pressed.at < sequenceMs ? pressed.key : undefined;
  const all = [...registered].flatMap((entry) => entry.shortcuts);
  const match =
    all.find(({ keys }) => keys.length === 2 && keys[0] === before && keys[1] === key) ??
    all.find(({ keys }) => keys.length === 1 && keys[0] === key && before === undefined);
  pressed =
    match === undefined && all.some(({ keys }) => keys.length === 2 && keys[0] === key) ? { key, at: now } : undefined;
  if (match === undefined) return;
  event.preventDefault();
  match.run();
}

/** The key belongs to what has the focus, or to an open dialog or menu. */
function isTaken(event: KeyboardEvent): boolean {
  if (document.querySelector("[role=dialog][data-state=open], [role=menu][data-state=open]") !== null) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("input, textarea, select, [role=textbox]") !== null) return true;
  return (event.key === " " || event.key === "Enter") && target.closest("button, a, summary, [role=button]") !== null;
}

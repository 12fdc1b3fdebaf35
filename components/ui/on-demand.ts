"use client";

import { type KeyboardEvent, useRef, useState } from "react";

/** Code that is fetched when somebody is about to need it. */
export type OnDemand<Module> = { load: () => Promise<Module>; now: () => Module | null };

/** Wraps a dynamic import so that it runs once and its result can be read without waiting afterwards. */
export function onDemand<Module>(load: () => Promise<Module>): OnDemand<Module> {
  let module: Module | null = null;
  let loading: Promise<Module> | undefined;
  return {
    now: () => module,
    load: () => {
      loading ??= load().then((loaded) => {
        module = loaded;
        return loaded;
      });
      return loading;
    },
  };
}

/**
 * For an overlay behind a trigger: its code is fetched when the pointer or the focus reaches the trigger, and it is
 * mounted at the first opening, so that no page carries it. `triggerProps` belong on the trigger until then.
 */
export function useOpenOnDemand<Module>(code: OnDemand<Module>, popup: "menu" | "dialog") {
  const [mounted, setMounted] = useState<Module | null>(null);
  const [open, setOpen] = useState(false);
  const asked = useRef(false);

  function start() {
    if (asked.current) return;
    asked.current = true;
    setOpen(true);
    void code.load().then((module) => setMounted(() => module));
  }

  return {
    module: mounted,
    open,
    setOpen,
    triggerProps: {
      "aria-haspopup": popup,
      "aria-expanded": false,
      onPointerEnter: () => void code.load(),
      onFocus: () => void code.load(),
      onClick: start,
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        start();
      },
    },
  };
}

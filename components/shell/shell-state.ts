"use client";

import { useQuery } from "@tanstack/react-query";
import type { LogState } from "@/lib/audit/log-state";
import { requestJson } from "./request-json";

/** The counts and states that stand on every page. */
export type ShellState = {
  /** pending requests that the viewer may decide */
  approvals: number;
  log: LogState;
};

const pollMs = 15_000;
export const shellStateKey = ["shell-state"] as const;

/** The shell's state, renewed every 15 s and whenever a page says that it changed. */
export function useShellState(initial: ShellState): ShellState {
  const { data } = useQuery({
    queryKey: shellStateKey,
    queryFn: ({ signal }) => requestJson<ShellState>("/api/shell", { signal }),
    initialData: initial,
    refetchInterval: pollMs,
  });
  return data;
}

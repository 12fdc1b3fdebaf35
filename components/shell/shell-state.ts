"use client";

import { useQuery } from "@tanstack/react-query";
import { requestJson } from "./request-json";

export type LogState = {
  /** verified: the signed head covers the log and nothing alarms; behind: it should have been signed by now */
  status: "verified" | "behind" | "alarm" | "empty";
  /** ISO 8601 time of the last signed head */
  verifiedAt: string | null;
  /** events in the log */
  size: string;
  /** what is wrong, where something is */
  message: string | null;
};

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

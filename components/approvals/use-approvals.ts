"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { requestJson } from "@/components/shell/request-json";
import { shellStateKey } from "@/components/shell/shell-state";
import type { Inbox, InboxView, RequestDetail } from "@/lib/approval/inbox-view";

/** While the page is looked at: others decide, clients hang up, time passes. */
const listPollMs = 3_000;
const requestPollMs = 2_000;

export function useInbox(view: InboxView, initial: Inbox | undefined) {
  return useQuery({
    queryKey: ["approvals", view],
    queryFn: ({ signal }) => requestJson<Inbox>(`/api/approvals?view=${view}`, { signal }),
    initialData: initial,
    refetchInterval: listPollMs,
    refetchOnMount: "always",
    placeholderData: (previous) => previous,
  });
}

export function useRequest(id: number | null, initial: RequestDetail | undefined) {
  return useQuery({
    queryKey: ["approval", id],
    queryFn: ({ signal }) => requestJson<RequestDetail>(`/api/approvals/${id}`, { signal }),
    enabled: id !== null,
    initialData: initial !== undefined && initial.id === id ? initial : undefined,
    refetchOnMount: "always",
    refetchInterval: ({ state }) => (isSettled(state.data) ? false : requestPollMs),
  });
}

/** Nothing more can happen to it. */
function isSettled(request: RequestDetail | undefined): boolean {
  if (request === undefined || request.status === "pending") return false;
  return request.status !== "approved" || (request.use !== "unused" && request.outcome !== null);
}

export type Vote = { id: number; vote: "approve" | "deny"; reason: string };
export type VoteResult = { status: string; missing: { group: string; need: number }[] };

/** Casts a vote, then looks again at everything that it may have changed. */
export function useVote() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, vote, reason }: Vote) =>
      requestJson<VoteResult>(`/api/approvals/${id}/reviews`, { method: "POST", body: { vote, reason } }),
    onSettled: (_result, _error, { id }) => refresh(client, id),
  });
}

export function useWithdrawal() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => requestJson<void>(`/api/approvals/${id}/withdrawal`, { method: "POST", body: {} }),
    onSettled: (_result, _error, id) => refresh(client, id),
  });
}

function refresh(client: ReturnType<typeof useQueryClient>, id: number): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: ["approval", id] }),
    client.invalidateQueries({ queryKey: ["approvals"] }),
    client.invalidateQueries({ queryKey: shellStateKey }),
  ]);
}

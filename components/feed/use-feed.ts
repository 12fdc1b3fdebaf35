"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { requestJson } from "@/components/shell/request-json";
import type { FeedRow } from "@/lib/audit/feed-row";
import { type FeedConnection, followStatements } from "./follow-statements";
import { addOlder, type FeedContent, showWaiting, takeLive } from "./merge-feed";

/** A first page: the newest statements that match `q`, and the end of the log when they were read. */
export type FeedPage = { q: string; rows: FeedRow[]; before: string | null; position: string };
type Action =
  | { type: "live"; rows: FeedRow[]; paused: boolean }
  | { type: "older"; page: { rows: FeedRow[]; before: string | null } }
  | { type: "show" }
  | { type: "reset"; page: FeedPage };

function reduce(content: FeedContent, action: Action): FeedContent {
  switch (action.type) {
    case "live":
      return takeLive(content, action);
    case "older":
      return addOlder(content, action.page);
    case "show":
      return showWaiting(content);
    case "reset":
      return { rows: action.page.rows, waiting: [], before: action.page.before };
  }
}

export type Feed = FeedContent & {
  connection: FeedConnection;
  /** events that the server passed over because the browser was too far behind */
  skipped: number;
  loadingOlder: boolean;
  loadOlder: () => void;
  /** shows what waited */
  show: () => void;
};

/**
 * The feed of one filter: a first page, then live, with older pages on demand. `initial` came with the document; the
 * pages of other filters are fetched, and until they are here the last one stays.
 */
export function useFeed({ q, initial, paused }: { q: string; initial: FeedPage; paused: boolean }): Feed {
  const { data: page = initial } = useQuery({
    queryKey: ["feed-page", q],
    queryFn: async ({ signal }) => ({
      ...(await requestJson<Omit<FeedPage, "q">>(`/api/feed/history?${new URLSearchParams({ q })}`, { signal })),
      q,
    }),
    initialData: q === initial.q ? initial : undefined,
    placeholderData: (previous) => previous,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [content, dispatch] = useReducer(reduce, { rows: page.rows, waiting: [], before: page.before });
  const [connection, setConnection] = useState<FeedConnection>("connecting");
  const [skipped, setSkipped] = useState(0);
  const [loadingOlder, setLoadingOlder] = useState(false);
  const pausedNow = useRef(paused);
  pausedNow.current = paused;

  useEffect(() => {
    dispatch({ type: "reset", page });
    setSkipped(0);
    return followStatements({
      q: page.q,
      after: page.position,
      onConnection: setConnection,
      onBatch: ({ rows, skipped: passed }) => {
        if (passed > 0) setSkipped((count) => count + passed);
        dispatch({ type: "live", rows, paused: pausedNow.current });
      },
    });
  }, [page]);

  const { before } = content;
  const loadOlder = useCallback(() => {
    if (before === null || loadingOlder) return;
    setLoadingOlder(true);
    requestJson<FeedPage>(`/api/feed/history?${new URLSearchParams({ q: page.q, before })}`)
      .then((page) => dispatch({ type: "older", page }))
      .catch(() => {})
      .finally(() => setLoadingOlder(false));
  }, [page.q, before, loadingOlder]);

  const show = useCallback(() => dispatch({ type: "show" }), []);
  return { ...content, connection, skipped, loadingOlder, loadOlder, show };
}

import type { FeedRow } from "@/lib/audit/feed-row";

/** live: connected; connecting: it is tried again, and resumes where it was */
export type FeedConnection = "live" | "connecting";
export type FeedBatch = { rows: FeedRow[]; skipped: number };

type FollowOptions = {
  q: string;
  /** log position after which to begin */
  after: string;
  onBatch: (batch: FeedBatch) => void;
  onConnection: (connection: FeedConnection) => void;
};

const reopenMs = 3_000;
/** A tab that nobody sees lets go of its connection: a browser has only six for a host. */
const hiddenMsMax = 30_000;

/** Follows the log from a position, across lost connections and hidden tabs. Returns what ends it. */
export function followStatements({ q, after, onBatch, onConnection }: FollowOptions): () => void {
  let position = after;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    clearTimeout(timer);
    if (source !== undefined) return;
    const stream = new EventSource(`/api/feed?${new URLSearchParams({ q, after: position })}`);
    source = stream;
    stream.onopen = () => onConnection("live");
    stream.onerror = () => {
      onConnection("connecting");
      // The browser tries again by itself unless the answer was an error.
      if (stream.readyState !== EventSource.CLOSED) return;
      close();
      timer = setTimeout(open, reopenMs);
    };
    stream.addEventListener("statements", (event) => {
      const message = event as MessageEvent<string>;
      position = message.lastEventId;
      onBatch(JSON.parse(message.data) as FeedBatch);
    });
  }
  function close(): void {
    source?.close();
    source = undefined;
  }
  function onVisibility(): void {
    clearTimeout(timer);
    if (document.visibilityState === "visible") open();
    else timer = setTimeout(close, hiddenMsMax);
  }

  open();
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisibility);
    close();
  };
}

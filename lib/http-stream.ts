/** Comments keep the connection alive through reverse proxies. */
const keepAliveMs = 15_000;
/** Open streams of this process; more are refused, because each holds a socket and memory. */
const streamsMax = 500;

let open = 0;

export type EventSink = {
  /** Sends one event; `id` is what a browser repeats as Last-Event-ID when it reconnects. */
  send(event: { name: string; id?: string; data: unknown }): void;
  /** Runs when the stream ends, for whatever reason. */
  onEnd(work: () => void): void;
  end(): void;
};

/**
 * Answers with Server-Sent Events until the browser leaves or `run` ends the stream. An error of `run` ends it too:
 * browsers reconnect by themselves and resume by position.
 */
export function eventStream(signal: AbortSignal, run: (sink: EventSink) => void | Promise<void>): Response {
  if (open >= streamsMax)
    return new Response("too many open streams", { status: 503, headers: { "retry-after": "5" } });
  const encoder = new TextEncoder();
  const cleanups: (() => void)[] = [];
  let finish = () => {};
  open += 1;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let ended = false;
      const write = (text: string) => {
        if (!ended) controller.enqueue(encoder.encode(text));
      };
      finish = () => {
        if (ended) return;
        ended = true;
        open -= 1;
        for (const work of cleanups) work();
        try {
          controller.close();
        } catch {
          // The browser closed it first.
        }
      };
      const beat = setInterval(() => write(": alive\n\n"), keepAliveMs);
      cleanups.push(() => clearInterval(beat));
      signal.addEventListener("abort", finish, { once: true });
      write("retry: 1000\n\n");
      const sink: EventSink = {
        send: ({ name, id, data }) =>
          write(`${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`),
        onEnd: (work) => void cleanups.push(work),
        end: finish,
      };
      Promise.resolve()
        .then(() => run(sink))
        .catch(finish);
    },
    cancel: () => finish(),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

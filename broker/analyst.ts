import { Worker } from "node:worker_threads";

import type { AnalysisInput, AnalystParts, ConnectInput } from "@/lib/analysis-types";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Decision } from "@/lib/policy/types";
import type { ContextReads } from "@/lib/policy/volatile";
import type { AnalystReply, AnalystRequest } from "./analyst-messages";
import type { Plan } from "./plan";
import type { Analyst } from "./ports";

type Options = {
  /** the bundled analysis-worker */
  script: URL;
  workers: number;
};

/** The parser recurses: its worker needs room for what the nesting cap lets through. */
const stackMb = 64;
const analysisMsMax = 5_000;
const loadMsMax = 30_000;
const waitingMax = 10_000;

type Waiting = { resolve(reply: AnalystReply): void; reject(error: Error): void; timer: NodeJS.Timeout };
type RequestBody = AnalystRequest extends infer R ? (R extends AnalystRequest ? Omit<R, "id"> : never) : never;

/** One worker thread and what it has been asked. Anything unexpected ends it and fails what it owes. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onEnd: (thread: Thread) => void;
  #next = 1;
  #ended = false;

  constructor(script: URL, onEnd: (thread: Thread) => void) {
    this.#onEnd = onEnd;
    this.#worker = new Worker(script, { resourceLimits: { stackSizeMb: stackMb } });
    this.#worker.unref();
    this.#worker.on("message", (reply: AnalystReply) => this.#settle(reply));
    // The reply was too deep to be received; without this handler its statement would wait for ever.
    this.#worker.on("messageerror", () => this.end(new Error("an answer of the analysis could not be read")));
    this.#worker.on("error", (error) => this.end(error instanceof Error ? error : new Error(messageOf(error))));
    this.#worker.on("exit", (code) => this.end(new Error(`the analysis ended with code ${code}`)));
  }

  get load(): number {
    return this.#waiting.size;
  }

  ask(body: RequestBody, msMax: number): Promise<AnalystReply> {
    if (this.#ended) return Promise.reject(new Error("the analysis has ended"));
    if (this.#waiting.size >= waitingMax) return Promise.reject(new Error("too many statements wait for analysis"));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(new Error("the analysis took too long")), msMax);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#worker.postMessage({ ...body, id });
    });
  }

  end(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
    void this.#worker.terminate();
    this.#onEnd(this);
  }

  /** Takes no more questions and ends when it has answered those it has. */
  retire(): void {
    const check = (): void => {
      if (this.#waiting.size === 0) this.end(new Error("the analysis was replaced"));
      else setTimeout(check, retireCheckMs).unref();
    };
    check();
  }

  #settle(reply: AnalystReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (reply.kind !== "failed") waiting.resolve(reply);
    else {
      waiting.reject(new Error(reply.message));
      if (reply.broken) this.end(new Error("the parser is no longer sound"));
    }
  }
}

const retireCheckMs = 20;

/** A pool of analysis workers that all use the same policies. New policies are compiled in fresh workers. */
export function startAnalyst({ script, workers }: Options): Analyst {
  let pool: Thread[] = [];
  let parts: AnalystParts | null = null;
  let closed = false;

  const begin = async (wanted: AnalystParts): Promise<{ thread: Thread; reads: ContextReads }> => {
    const thread = new Thread(script, (ended) => void replace(ended));
    try {
      const reply = await thread.ask({ kind: "load", parts: wanted }, loadMsMax);
      if (reply.kind !== "loaded") throw new Error("the analysis answered out of order");
      return { thread, reads: reply.reads };
    } catch (error) {
      thread.end(error instanceof Error ? error : new Error(messageOf(error)));
      throw error;
    }
  };

  const replace = async (ended: Thread): Promise<void> => {
    if (closed || !pool.includes(ended) || parts === null) return;
    pool = pool.filter((thread) => thread !== ended);
    const wanted = parts;
    try {
      const { thread } = await begin(wanted);
      if (closed || parts !== wanted) thread.retire();
      else pool.push(thread);
    } catch (error) {
      log("broker").error({ error: messageOf(error) }, "an analysis worker could not be replaced");
    }
  };

  const least = (): Thread => {
    const thread = pool.toSorted((a, b) => a.load - b.load)[0];
    if (thread === undefined) throw new Error("no analysis worker is running");
    return thread;
  };

  return {
    async load(wanted) {
      const fresh = await Promise.all(Array.from({ length: workers }, () => begin(wanted)));
      const old = pool;
      parts = wanted;
      pool = fresh.map(({ thread }) => thread);
      for (const thread of old) thread.retire();
      return fresh[0]!.reads;
    },
    async analyze(input: AnalysisInput): Promise<Plan> {
      const reply = await least().ask({ kind: "analyze", input }, analysisMsMax);
      if (reply.kind !== "analyzed") throw new Error("the analysis answered out of order");
      return reply.plan;
    },
    async decideConnect(input: ConnectInput): Promise<Decision> {
      const reply = await least().ask({ kind: "connect", input }, analysisMsMax);
      if (reply.kind !== "connected") throw new Error("the analysis answered out of order");
      return reply.decision;
    },
    async close() {
      closed = true;
      for (const thread of pool) thread.end(new Error("the broker is stopping"));
    },
  };
}

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
  /** a worker that takes longer for a statement is replaced; 5,000 where not given */
  analysisMsMax?: number;
};

/** The parser recurses: its worker needs room for what the nesting cap lets through. */
const stackMb = 64;
/** Trees of one statement are short-lived and small; a large nursery would only be resident memory. */
const youngMb = 8;
const analysisMsMaxDefault = 5_000;
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
    this.#worker = new Worker(script, { resourceLimits: { stackSizeMb: stackMb, maxYoungGenerationSizeMb: youngMb } });
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
class Pool implements Analyst {
  readonly #options: Options;
  readonly #analysisMsMax: number;
  #threads: Thread[] = [];
  #parts: AnalystParts | null = null;
  #closed = false;

  constructor(options: Options) {
    this.#options = options;
    this.#analysisMsMax = options.analysisMsMax ?? analysisMsMaxDefault;
  }

  async load(wanted: AnalystParts): Promise<ContextReads> {
    const fresh = await Promise.all(Array.from({ length: this.#options.workers }, () => this.#begin(wanted)));
    const old = this.#threads;
    this.#parts = wanted;
    this.#threads = fresh.map(({ thread }) => thread);
    for (const thread of old) thread.retire();
    return fresh[0]!.reads;
  }

  async analyze(input: AnalysisInput): Promise<Plan> {
    const reply = await this.#least().ask({ kind: "analyze", input }, this.#analysisMsMax);
    if (reply.kind !== "analyzed") throw outOfOrder();
    return reply.plan;
  }

  async decideConnect(input: ConnectInput): Promise<Decision> {
    const reply = await this.#least().ask({ kind: "connect", input }, this.#analysisMsMax);
    if (reply.kind !== "connected") throw outOfOrder();
    return reply.decision;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const thread of this.#threads) thread.end(new Error("the broker is stopping"));
  }

  async #begin(wanted: AnalystParts): Promise<{ thread: Thread; reads: ContextReads }> {
    const thread = new Thread(this.#options.script, (ended) => void this.#replace(ended));
    try {
      const reply = await thread.ask({ kind: "load", parts: wanted }, loadMsMax);
      if (reply.kind !== "loaded") throw outOfOrder();
      return { thread, reads: reply.reads };
    } catch (error) {
      thread.end(error instanceof Error ? error : new Error(messageOf(error)));
      throw error;
    }
  }

  async #replace(ended: Thread): Promise<void> {
    const wanted = this.#parts;
    if (this.#closed || wanted === null || !this.#threads.includes(ended)) return;
    this.#threads = this.#threads.filter((thread) => thread !== ended);
    for (let attempt = 1; !this.#closed && this.#parts === wanted; attempt++) {
      try {
        const { thread } = await this.#begin(wanted);
        if (this.#closed || this.#parts !== wanted) thread.retire();
        else this.#threads.push(thread);
        return;
      } catch (error) {
        log("broker").error({ error: messageOf(error), attempt }, "an analysis worker could not be replaced");
        await new Promise((resolve) => setTimeout(resolve, Math.min(attempt, replaceSecondsMax) * 1_000).unref());
      }
    }
  }

  #least(): Thread {
    const thread = this.#threads.reduce<Thread | undefined>(
      (best, one) => (best === undefined || one.load < best.load ? one : best),
      undefined,
    );
    if (thread === undefined) throw new Error("no analysis worker is running");
    return thread;
  }
}

const replaceSecondsMax = 10;

function outOfOrder(): Error {
  return new Error("the analysis answered out of order");
}

export function startAnalyst(options: Options): Analyst {
  return new Pool(options);
}

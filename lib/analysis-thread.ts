import { join } from "node:path";
import type { AnalysisInput, AnalystParts, ConnectInput, MaskedColumn, Plan } from "@/lib/analysis-types";
import { AppError, messageOf } from "@/lib/errors";
import { packageRoot } from "@/lib/package-root";

/** What a broker would do with statements, under policies and catalogs that need not be in force. */
export type AnalysisThread = {
  /** @throws AppError("unavailable") where the analysis broke or took too long; the thread has ended then */
  analyze(input: AnalysisInput): Promise<Plan>;
  /** every masked column of a database for a principal. @throws AppError("unavailable") */
  masks(input: ConnectInput): Promise<MaskedColumn[]>;
  close(): void;
};

/** The parser recurses: its thread needs room for what the nesting cap lets through. */
const stackMb = 64;
const answerMsMax = 10_000;

// The console's bundler rewrites every `new Worker` whose class it can trace to an import, and loses the path.
const { Worker } = process.getBuiltinModule("node:worker_threads");

type Reply = { id: number } & (
  | { kind: "loaded" }
  | { kind: "analyzed"; plan: Plan }
  | { kind: "masked"; columns: MaskedColumn[] }
  | { kind: "failed"; message: string }
);
type Waiting = { resolve: (reply: Reply) => void; reject: (error: Error) => void; timer: NodeJS.Timeout };

/**
 * Starts a thread of the program that brokers analyse with, so that a preview and a decision never differ. Nothing is
 * sent to an upstream, nothing is recorded. Close it.
 * @throws AppError("unavailable") where the program is not built or the bundle does not compile
 */
export async function openAnalysis(parts: AnalystParts): Promise<AnalysisThread> {
  const waiting = new Map<number, Waiting>();
  let next = 1;
  const worker = new Worker(join(packageRoot(), "dist", "analysis-worker.js"), {
    resourceLimits: { stackSizeMb: stackMb },
  });
  worker.unref();
  const end = (why: string): void => {
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new AppError("unavailable", `the analysis of statements is not available: ${why}`));
    }
    waiting.clear();
    void worker.terminate();
  };
  worker.on("message", (reply: Reply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    clearTimeout(asked?.timer);
    asked?.resolve(reply);
  });
  worker.on("messageerror", () => end("an answer could not be read"));
  worker.on("error", (error) => end(messageOf(error)));
  worker.on("exit", () => end("it has ended"));
  const ask = (request: object): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject, timer: setTimeout(() => end("it took too long"), answerMsMax) });
      worker.postMessage({ ...request, id });
    });
  const loaded = await ask({ kind: "load", parts });
  if (loaded.kind === "failed") {
    end("it has ended");
    throw new AppError("unavailable", loaded.message);
  }
  return {
    async analyze(input) {
      const reply = await ask({ kind: "analyze", input });
      if (reply.kind === "analyzed") return reply.plan;
      throw unexpected(reply);
    },
    async masks(input) {
      const reply = await ask({ kind: "masks", input });
      if (reply.kind === "masked") return reply.columns;
      throw unexpected(reply);
    },
    close: () => end("it was closed"),
  };
}

function unexpected(reply: Reply): AppError {
  return new AppError("unavailable", reply.kind === "failed" ? reply.message : "the analysis answered out of order");
}

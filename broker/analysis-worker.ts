// A worker thread: parser and policies run here, where a fault of theirs takes nothing else along.

import { parentPort } from "node:worker_threads";

import { analyzeText, type CompiledAnalysis, compileAnalysis, decideConnect } from "@/lib/analysis";
import { masksInForce } from "@/lib/analysis-view";
import { messageOf } from "@/lib/errors";
import { loadParser, ParserBroken, parserIsSound } from "@/lib/sql/parse";
import type { AnalystReply, AnalystRequest } from "./analyst-messages";

const port = parentPort;
if (port === null) throw new Error("this program is a worker thread of the broker");

const ready = loadParser();
let compiled: CompiledAnalysis | null = null;

port.on("message", (request: AnalystRequest) => {
  void ready.then(() => answer(request)).then((reply) => port.postMessage(reply));
});

function answer(request: AnalystRequest): AnalystReply {
  const { id } = request;
  try {
    switch (request.kind) {
      case "load": {
        compiled = compileAnalysis(request.parts);
        return { kind: "loaded", id, reads: compiled.reads };
      }
      case "analyze":
        return { kind: "analyzed", id, plan: analyzeText(loaded(), request.input) };
      case "connect":
        return { kind: "connected", id, decision: decideConnect(loaded(), request.input) };
      case "masks":
        return { kind: "masked", id, columns: masksInForce(loaded(), request.input) };
    }
  } catch (error) {
    // A stack overflow inside the parser spoils it without a sign: after any error it has to prove itself.
    const broken = error instanceof ParserBroken || error instanceof RangeError || !parserIsSound();
    return { kind: "failed", id, message: messageOf(error), broken };
  }
}

function loaded(): CompiledAnalysis {
  if (compiled === null) throw new Error("the worker has no policies yet");
  return compiled;
}

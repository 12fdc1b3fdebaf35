import type { AnalysisInput, AnalystParts, ConnectInput, MaskedColumn } from "@/lib/analysis-types";
import type { Decision } from "@/lib/policy/types";
import type { ContextReads } from "@/lib/policy/volatile";
import type { Plan } from "./plan";

/** What passes between the main thread and an analysis worker. */
export type AnalystRequest =
  | { kind: "load"; id: number; parts: AnalystParts }
  | { kind: "analyze"; id: number; input: AnalysisInput }
  | { kind: "connect"; id: number; input: ConnectInput }
  /** asked by the console only */
  | { kind: "masks"; id: number; input: ConnectInput };

export type AnalystReply =
  | { kind: "loaded"; id: number; reads: ContextReads }
  | { kind: "analyzed"; id: number; plan: Plan }
  | { kind: "connected"; id: number; decision: Decision }
  | { kind: "masked"; id: number; columns: MaskedColumn[] }
  /** `broken`: the worker must not be asked again */
  | { kind: "failed"; id: number; message: string; broken: boolean };

import type { Call, Subject } from "./calls";
import type { ReadyStatus } from "./protocol/encode";
import type { FrameAnswer } from "./protocol/result-walker";

/** What the session does with what the upstream says. */
export type PipelineEvents = {
  onReady(status: ReadyStatus): void;
  /** a statement of a batch, or an Execute, has finished; `statement` is its index in the plan */
  onFinished(call: Call, statement: number): void;
  onClosed(call: Call, outcome: "ok" | "error" | "unknown"): void;
  onParameter(name: string, value: string, hidden: boolean): FrameAnswer | null;
  /** answers what the client gets for an ErrorResponse */
  onError(frame: Buffer, subject: Subject | null): FrameAnswer;
  onNotice(frame: Buffer): FrameAnswer;
  onNotification(frame: Buffer): FrameAnswer;
  /** throws to end the session */
  onRowDescription(frame: Buffer, subject: Subject | null): void;
};

import type { Call } from "./calls";
import { type Expectation, Expectations, type HiddenReply } from "./expectations";
import { rowsOfTag } from "./protocol/command-tag";
import type { ReadyStatus } from "./protocol/encode";
import { encodeQuery } from "./protocol/encode-upstream";
import { readErrorFields } from "./protocol/error-fields";
import { type FrameAnswer, ResultWalker, UpstreamFault } from "./protocol/result-walker";
import { SessionObjects } from "./session-objects";

/** What the session does with what the upstream says. */
export type PipelineEvents = {
  onReady(status: ReadyStatus): void;
  /** a statement of a batch, or an Execute, has finished; `statement` is its index in the plan */
  onFinished(call: Call, statement: number): void;
  onClosed(call: Call, outcome: "ok" | "error" | "unknown"): void;
  onParameter(name: string, value: string, hidden: boolean): FrameAnswer | null;
  /** an ErrorResponse that concerns `call`; answers what the client gets */
  onError(frame: Buffer, call: Call | null): FrameAnswer;
  onNotice(frame: Buffer): FrameAnswer;
  onNotification(frame: Buffer): FrameAnswer;
  /** throws to end the session */
  onRowDescription(frame: Buffer, call: Call | null, expectation: Expectation): void;
};

const upstreamMessageBytesMax = 64 * 1024 * 1024;
const letter = (text: string): number => text.charCodeAt(0);
const type = {
  parseComplete: letter("1"),
  bindComplete: letter("2"),
  closeComplete: letter("3"),
  notification: letter("A"),
  commandComplete: letter("C"),
  error: letter("E"),
  copyIn: letter("G"),
  copyOut: letter("H"),
  emptyQuery: letter("I"),
  notice: letter("N"),
  parameterStatus: letter("S"),
  rowDescription: letter("T"),
  copyBoth: letter("W"),
  ready: letter("Z"),
  copyDone: letter("c"),
  noData: letter("n"),
  portalSuspended: letter("s"),
  parameterDescription: letter("t"),
  dataRow: letter("D"),
} as const;

/**
 * The conversation with the upstream: every message that was sent stands in a line until it has been answered, so
 * that the broker's own answers come out in their place and every result is counted to its call.
 */
export class Pipeline {
  readonly objects = new SessionObjects();
  readonly #line = new Expectations();
  readonly #events: PipelineEvents;
  readonly #walker: ResultWalker;
  #status: ReadyStatus = "I";
  /** segments end with Sync or Query; the first counts what was sent, the second what was answered */
  #segmentSent = 0;
  #segmentAnswered = 0;
  #executedInSegment = false;
  #sentInSegment = false;

  constructor(events: PipelineEvents) {
    this.#events = events;
    this.#walker = new ResultWalker(
      {
        onFrame: (frameType, frame) => this.#withLocals(frame, this.#onFrame(frameType, frame)),
        onBulk: (bytes) => {
          const call = callOf(this.#line.peek());
          if (call !== null) call.bytes += bytes;
        },
      },
      upstreamMessageBytesMax,
    );
  }

  /** Transaction status as of the last ReadyForQuery. */
  get status(): ReadyStatus {
    return this.#status;
  }

  /** Nothing is awaited: the status is true at this moment. */
  get idle(): boolean {
    return this.#line.size === 0;
  }

  get segment(): number {
    return this.#segmentSent;
  }

  /**
   * Nothing that the upstream has done would be kept by answering a refusal here: no transaction, nothing run since
   * the last Sync, and no answer under way that could change that.
   */
  get mayRefuseAlone(): boolean {
    return this.#status === "I" && this.#line.readies === 0 && !this.#executedInSegment;
  }

  /** In a transaction block, or in a pipeline that has run something. False only where that is certain. */
  get insideTransaction(): boolean {
    return !this.mayRefuseAlone;
  }

  get sentInSegment(): boolean {
    return this.#sentInSegment;
  }

  expect(expectation: Expectation): void {
    // Outside COPY mode nobody answers it and nothing waits for it.
    if (expectation.kind === "copyEnd" && this.#line.size === 0) return;
    this.#line.push(expectation);
    this.#sentInSegment = true;
    if (expectation.kind === "execute") this.#executedInSegment = true;
    if (expectation.kind === "sync" || expectation.kind === "query") {
      this.#segmentSent += 1;
      this.#executedInSegment = false;
      this.#sentInSegment = false;
    }
  }

  /** Answers bytes to write now; undefined when they stand in line behind answers of the upstream. */
  local(bytes: Buffer): Buffer | undefined {
    if (this.#line.size === 0) return bytes;
    this.#line.push({ kind: "local", bytes });
    return undefined;
  }

  /** A query of the broker's own. Only while `idle`: it must stand alone in the line. */
  hidden(sql: string, send: (bytes: Buffer) => void): Promise<HiddenReply> {
    return new Promise((done) => {
      this.#line.push({ kind: "hidden", rows: [], error: null, done });
      this.#walker.handRows = true;
      send(encodeQuery(sql));
    });
  }

  /** @throws UpstreamFault, or what an event throws: the session ends */
  receive(chunk: Buffer): Buffer[] {
    return this.#walker.walk(chunk);
  }

  /** The upstream has gone: calls that were under way have an unknown end. */
  abandon(): void {
    for (let item = this.#line.shift(); item !== undefined; item = this.#line.shift()) {
      if (item.kind === "hidden") item.done({ error: "the upstream closed the connection" });
      this.#close(callOf(item) ?? (item.kind === "bind" ? item.portal.call : null), "unknown");
    }
    for (const portal of this.objects.portals.clear()) this.#close(portal.call, "unknown");
  }

  /** A row is half sent: nothing may be put between. */
  get midRow(): boolean {
    return this.#walker.midRow;
  }

  /** The call that the upstream is working on. */
  get current(): Call | null {
    return callOf(this.#line.peek());
  }

  #onFrame(frameType: number, frame: Buffer): FrameAnswer {
    const head = this.#line.peek();
    if (frameType === type.parameterStatus) return this.#onParameter(frame, head?.kind === "hidden");
    if (head?.kind === "hidden") return this.#onHidden(head, frameType, frame);
    switch (frameType) {
      case type.ready:
        return this.#onReady(frame, head);
      case type.error:
        return this.#onError(frame, head);
      case type.commandComplete:
        return this.#onComplete(head, rowsOfTag(frame));
      case type.emptyQuery:
        return this.#onComplete(head, 0);
      case type.portalSuspended:
        return this.#onSuspended(head);
      case type.notice:
        return this.#events.onNotice(frame);
      case type.notification:
        return this.#events.onNotification(frame);
      case type.rowDescription:
        return this.#onRowDescription(frame, head);
      case type.copyIn:
        this.#line.dropSyncsUntilCopyEnd();
        return true;
      case type.copyOut:
      case type.copyDone:
      case type.parameterDescription:
        return true;
      default:
        return this.#onStep(frameType, head);
    }
  }

  /** Answers that finish one message of the extended protocol. */
  #onStep(frameType: number, head: Expectation | undefined): FrameAnswer {
    if (frameType === type.parseComplete && head?.kind === "parse") {
      this.#line.shift();
      if (head.hidden) return false;
      this.objects.statements.confirm(head.prepared.name);
      return true;
    }
    if (frameType === type.bindComplete && head?.kind === "bind") {
      this.#line.shift();
      this.#close(this.objects.portals.confirm(head.portal.name)?.call ?? null, "ok");
      return true;
    }
    if (frameType === type.closeComplete && head?.kind === "close") {
      this.#line.shift();
      if (head.hidden) return false;
      if (head.of === "statement") this.objects.statements.confirm(head.name);
      else this.#close(this.objects.portals.confirm(head.name)?.call ?? null, "ok");
      return true;
    }
    if (frameType === type.noData && (head?.kind === "describeStatement" || head?.kind === "describePortal")) {
      this.#line.shift();
      return true;
    }
    throw new UpstreamFault("the upstream answered out of order");
  }

  #onReady(frame: Buffer, head: Expectation | undefined): FrameAnswer {
    if (head?.kind !== "query" && head?.kind !== "sync") throw new UpstreamFault("the upstream answered out of order");
    this.#line.shift();
    this.#segmentAnswered += 1;
    this.#status = String.fromCharCode(frame[5] ?? 0) as ReadyStatus;
    if (head.kind === "query" && head.call !== null)
      this.#close(head.call, head.call.sqlstate === null ? "ok" : "error");
    if (this.#status === "I") {
      for (const portal of this.objects.portals.clear()) this.#close(portal.call, "ok");
    }
    this.#events.onReady(this.#status);
    return true;
  }

  #onError(frame: Buffer, head: Expectation | undefined): FrameAnswer {
    const fields = readErrorFields(frame);
    const sqlstate = fields.get("C") ?? "XX000";
    if (fields.get("V") === "FATAL" || fields.get("V") === "PANIC" || head === undefined) {
      const call = callOf(head);
      if (call !== null) call.sqlstate = sqlstate;
      return this.#events.onError(frame, call);
    }
    if (head.kind === "query") {
      if (head.report !== null) return head.report;
      if (head.call !== null) head.call.sqlstate = sqlstate;
      return this.#events.onError(frame, head.call);
    }
    if (head.kind === "sync") return this.#events.onError(frame, null);
    const call = callOf(head) ?? (head.kind === "bind" ? head.portal.call : null);
    const answer = head.kind === "poison" ? head.report : this.#events.onError(frame, call);
    this.#skipToSync(sqlstate);
    return answer;
  }

  /** The upstream ignores everything up to the next Sync. */
  #skipToSync(sqlstate: string): void {
    for (let item = this.#line.peek(); item !== undefined && item.kind !== "sync"; item = this.#line.peek()) {
      if (item.kind === "query" || item.kind === "hidden") break;
      this.#line.shift();
      const call = item.kind === "bind" ? item.portal.call : callOf(item);
      if (call === null) continue;
      call.sqlstate ??= sqlstate;
      this.#close(call, "error");
    }
    this.objects.dropPending(this.#segmentAnswered);
  }

  #onComplete(head: Expectation | undefined, rows: number): FrameAnswer {
    const call = callOf(head);
    if (head?.kind !== "query" && head?.kind !== "execute")
      throw new UpstreamFault("the upstream answered out of order");
    if (head.kind === "execute") this.#line.shift();
    if (call === null) return true;
    call.rows += rows;
    call.finished += 1;
    this.#events.onFinished(call, call.finished - 1);
    if (head.kind === "execute") this.#close(call, "ok");
    return true;
  }

  #onSuspended(head: Expectation | undefined): FrameAnswer {
    if (head?.kind !== "execute") throw new UpstreamFault("the upstream answered out of order");
    this.#line.shift();
    head.portal.call.rows += head.rowsMax;
    return true;
  }

  #onRowDescription(frame: Buffer, head: Expectation | undefined): FrameAnswer {
    if (head === undefined) throw new UpstreamFault("the upstream answered out of order");
    this.#events.onRowDescription(frame, callOf(head), head);
    if (head.kind === "describeStatement" || head.kind === "describePortal") this.#line.shift();
    return true;
  }

  #onParameter(frame: Buffer, hidden: boolean): FrameAnswer {
    const [name = "", value = ""] = frame.toString("utf8", 5).split("\0");
    return this.#events.onParameter(name, value, hidden) ?? true;
  }

  #onHidden(head: Extract<Expectation, { kind: "hidden" }>, frameType: number, frame: Buffer): FrameAnswer {
    if (frameType === type.dataRow) head.rows.push(readTextRow(frame));
    if (frameType === type.error) head.error = readErrorFields(frame).get("M") ?? "error";
    if (frameType === type.ready) {
      this.#line.shift();
      this.#walker.handRows = false;
      this.#status = String.fromCharCode(frame[5] ?? 0) as ReadyStatus;
      head.done(head.error === null ? { rows: head.rows } : { error: head.error });
    }
    return false;
  }

  /** Adds the broker's own messages whose turn has come behind what the client gets for this frame. */
  #withLocals(frame: Buffer, answer: FrameAnswer): FrameAnswer {
    const head = this.#line.peek();
    if (head === undefined || (head.kind !== "local" && head.kind !== "copyEnd")) return answer;
    const own: Buffer[] = [];
    for (let item = this.#line.peek(); item?.kind === "local" || item?.kind === "copyEnd"; item = this.#line.peek()) {
      this.#line.shift();
      if (item.kind === "local") own.push(item.bytes);
    }
    return this.#walker.followedBy(frame, answer, own);
  }

  #close(call: Call | null, outcome: "ok" | "error" | "unknown"): void {
    if (call === null || call.closed) return;
    call.closed = true;
    this.#events.onClosed(call, outcome);
  }
}

function callOf(expectation: Expectation | undefined): Call | null {
  if (expectation?.kind === "query") return expectation.call;
  if (expectation?.kind === "execute") return expectation.portal.call;
  return null;
}

function readTextRow(frame: Buffer): (string | null)[] {
  const columns = frame.readInt16BE(5);
  const row: (string | null)[] = [];
  let offset = 7;
  for (let index = 0; index < columns; index++) {
    const length = frame.readInt32BE(offset);
    offset += 4;
    row.push(length < 0 ? null : frame.toString("utf8", offset, offset + length));
    if (length > 0) offset += length;
  }
  return row;
}

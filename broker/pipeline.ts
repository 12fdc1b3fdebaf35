import type { Call } from "./calls";
import { callOf, type Expectation, Expectations, type HiddenReply, ownerOf, subjectOf } from "./expectations";
import type { PipelineEvents } from "./pipeline-events";
import { rowsOfTag } from "./protocol/command-tag";
import type { ReadyStatus } from "./protocol/encode";
import { encodeQuery } from "./protocol/encode-upstream";
import { readErrorFields } from "./protocol/error-fields";
import { type FrameAnswer, ResultWalker, UpstreamFault } from "./protocol/result-walker";
import { serverType } from "./protocol/server-types";
import { readTextRow } from "./protocol/text-row";
import { SessionObjects } from "./session-objects";

const upstreamMessageBytesMax = 64 * 1024 * 1024;

/**
 * The conversation with the upstream: every message stands in a line until it has been answered, so that the broker's
 * own answers come out in their place and every result is counted to its call.
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
  #fatal = false;
  /** entries of the line whose bytes wait for the journal */
  #unsent = 0;

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

  /** As of the last ReadyForQuery. */
  get status(): ReadyStatus {
    return this.#status;
  }

  /** Nothing is awaited, so the status is true now. */
  get idle(): boolean {
    return this.#line.size === 0;
  }

  /** Nothing is awaited, and no pipeline waits for its Sync: path and role are known, a query of our own ends nothing. */
  get quiet(): boolean {
    return this.#line.size === 0 && !this.#sentInSegment;
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
    this.#unsent += 1;
    this.#sentInSegment = true;
    if (expectation.kind === "execute") this.#executedInSegment = true;
    if (expectation.kind === "sync" || expectation.kind === "query") {
      this.#segmentSent += 1;
      this.#executedInSegment = false;
      this.#sentInSegment = false;
    }
  }

  /** All that is expected has been written. */
  sent(): void {
    this.#unsent = 0;
  }

  /** The upstream has said itself why it ends the session. */
  get fatal(): boolean {
    return this.#fatal;
  }

  /**
   * Takes back everything that the upstream has not seen. Null where it has seen a part, or a transaction is open:
   * then nothing can be taken back. Otherwise the entries, whose calls are closed.
   */
  takeBack(sqlstate: string): Expectation[] | null {
    if (this.#status !== "I" || this.#unsent !== this.#line.size) return null;
    const entries: Expectation[] = [];
    for (let item = this.#line.shift(); item !== undefined; item = this.#line.shift()) {
      entries.push(item);
      if (item.kind === "hidden") this.#failHidden(item, "nothing can be sent now");
      const call = ownerOf(item);
      if (call !== null) call.sqlstate = sqlstate;
      this.#close(call, "error");
    }
    for (let segment = this.#segmentAnswered; segment <= this.#segmentSent; segment++)
      this.objects.dropPending(segment);
    this.#segmentAnswered = this.#segmentSent;
    this.#unsent = 0;
    this.#executedInSegment = false;
    this.#sentInSegment = false;
    return entries;
  }

  /** Answers bytes to write now; undefined when they stand in line behind answers of the upstream. */
  local(bytes: Buffer): Buffer | undefined {
    if (this.#line.size === 0) return bytes;
    this.#line.push({ kind: "local", bytes });
    return undefined;
  }

  /** A query of the broker's own. Only while `quiet`: it must stand alone in the line. */
  hidden(sql: string, send: (bytes: Buffer) => void): Promise<HiddenReply> {
    // A Query drops the upstream's unnamed statement: it is prepared again before it is used.
    const unnamed = this.objects.statements.get("");
    if (unnamed !== undefined) unnamed.upstreamSql = "";
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
      if (item.kind === "hidden") this.#failHidden(item, "the upstream closed the connection");
      this.#close(ownerOf(item), "unknown");
    }
    for (const portal of this.objects.portals.clear()) this.#close(portal.call, "unknown");
  }

  /** A row is half sent: nothing may be put between. */
  get midRow(): boolean {
    return this.#walker.midRow;
  }

  /** What the upstream is working on. */
  get current(): Call | null {
    return callOf(this.#line.peek());
  }

  #onFrame(frameType: number, frame: Buffer): FrameAnswer {
    const head = this.#line.peek();
    if (frameType === serverType.parameterStatus) return this.#onParameter(frame, head?.kind === "hidden");
    if (head?.kind === "hidden") return this.#onHidden(head, frameType, frame);
    switch (frameType) {
      case serverType.ready:
        return this.#onReady(frame, head);
      case serverType.error:
        return this.#onError(frame, head);
      case serverType.commandComplete:
        return this.#onComplete(head, rowsOfTag(frame));
      case serverType.emptyQuery:
        return this.#onComplete(head, 0);
      case serverType.portalSuspended:
        return this.#onSuspended(head);
      case serverType.notice:
        return this.#events.onNotice(frame);
      case serverType.notification:
        return this.#events.onNotification(frame);
      case serverType.rowDescription:
        return this.#onRowDescription(frame, head);
      case serverType.copyIn:
        this.#line.dropSyncsUntilCopyEnd();
        return true;
      case serverType.copyOut:
      case serverType.copyDone:
      case serverType.parameterDescription:
        return true;
      default:
        return this.#onStep(frameType, head);
    }
  }

  /** Answers that finish one message of the extended protocol. */
  #onStep(frameType: number, head: Expectation | undefined): FrameAnswer {
    if (frameType === serverType.parseComplete && head?.kind === "parse") {
      this.#line.shift();
      if (head.hidden) return false;
      this.objects.statements.confirm(head.prepared.name);
      return true;
    }
    if (frameType === serverType.bindComplete && head?.kind === "bind") {
      this.#line.shift();
      this.#close(this.objects.portals.confirm(head.portal.name)?.call ?? null, "ok");
      return true;
    }
    if (frameType === serverType.closeComplete && head?.kind === "close") {
      this.#line.shift();
      if (head.hidden) return false;
      if (head.of === "statement") this.objects.statements.confirm(head.name);
      else this.#close(this.objects.portals.confirm(head.name)?.call ?? null, "ok");
      return true;
    }
    if (frameType === serverType.noData && (head?.kind === "describeStatement" || head?.kind === "describePortal")) {
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
      this.#fatal = true;
      return this.#events.onError(frame, call);
    }
    if (head.kind === "query") {
      if (head.report !== null) return head.report;
      if (head.call !== null) head.call.sqlstate = sqlstate;
      return this.#events.onError(frame, head.call);
    }
    if (head.kind === "sync") return this.#events.onError(frame, null);
    const answer = head.kind === "poison" ? head.report : this.#events.onError(frame, subjectOf(head));
    this.#skipToSync(sqlstate);
    return answer;
  }

  /** The upstream ignores everything up to the next Sync. */
  #skipToSync(sqlstate: string): void {
    for (let item = this.#line.peek(); item !== undefined && item.kind !== "sync"; item = this.#line.peek()) {
      if (item.kind === "query" || item.kind === "hidden") break;
      this.#line.shift();
      const call = ownerOf(item);
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
    this.#events.onRowDescription(frame, subjectOf(head));
    if (head.kind === "describeStatement" || head.kind === "describePortal") this.#line.shift();
    return true;
  }

  #onParameter(frame: Buffer, hidden: boolean): FrameAnswer {
    const [name = "", value = ""] = frame.toString("utf8", 5).split("\0");
    return this.#events.onParameter(name, value, hidden) ?? true;
  }

  #onHidden(head: Extract<Expectation, { kind: "hidden" }>, frameType: number, frame: Buffer): FrameAnswer {
    if (frameType === serverType.dataRow) head.rows.push(readTextRow(frame));
    if (frameType === serverType.error) head.error = readErrorFields(frame).get("M") ?? "error";
    if (frameType === serverType.ready) {
      this.#line.shift();
      this.#walker.handRows = false;
      this.#status = String.fromCharCode(frame[5] ?? 0) as ReadyStatus;
      head.done(head.error === null ? { rows: head.rows } : { error: head.error });
    }
    return false;
  }

  #failHidden(item: Extract<Expectation, { kind: "hidden" }>, error: string): void {
    this.#walker.handRows = false;
    item.done({ error });
  }

  /** Adds the broker's own messages whose turn has come behind what the client gets for this frame. */
  #withLocals(frame: Buffer, answer: FrameAnswer): FrameAnswer {
    const own: Buffer[] = [];
    for (let item = this.#line.peek(); item?.kind === "local" || item?.kind === "copyEnd"; item = this.#line.peek()) {
      this.#line.shift();
      if (item.kind === "local") own.push(item.bytes);
    }
    return own.length === 0 ? answer : this.#walker.followedBy(frame, answer, own);
  }

  #close(call: Call | null, outcome: "ok" | "error" | "unknown"): void {
    if (call === null || call.closed) return;
    call.closed = true;
    this.#events.onClosed(call, outcome);
  }
}

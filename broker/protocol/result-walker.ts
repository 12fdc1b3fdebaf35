/**
 * Walks an upstream's bytes by frame headers. Rows and COPY data pass through untouched, whole chunks at a time;
 * every other message is handed over whole, so that the session can follow the protocol, drop it or put its own
 * in its place.
 */

/** True: pass on as it is. False: drop. A buffer: pass that on instead. */
export type FrameAnswer = boolean | Buffer;

export type WalkEvents = {
  /** `frame` is whole, header included, and valid only during the call */
  onFrame(type: number, frame: Buffer): FrameAnswer;
  /** rows or COPY data passed by, in bytes with their headers */
  onBulk(bytes: number): void;
};

const headerBytes = 5;
const dataRow = 0x44;
const copyData = 0x64;

export class UpstreamFault extends Error {}

export class ResultWalker {
  readonly #events: WalkEvents;
  readonly #frameBytesMax: number;
  /** bytes of a bulk frame that are still to pass */
  #passing = 0;
  /** start of a frame that has not arrived whole */
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #out: Buffer[] = [];
  /** Rows are handed over like other messages: they belong to a query of the broker's own. */
  handRows = false;

  /** @param frameBytesMax bound for messages other than rows and COPY data */
  constructor(events: WalkEvents, frameBytesMax: number) {
    this.#events = events;
    this.#frameBytesMax = frameBytesMax;
  }

  /**
   * What is to be written to the client, in order, as slices of `chunk` wherever nothing was changed.
   * @throws UpstreamFault when the stream cannot be a PostgreSQL server's
   */
  walk(chunk: Buffer): Buffer[] {
    this.#out = [];
    let offset = 0;
    /** start of the run that passes unchanged */
    let run = 0;
    if (this.#partialBytes > 0) {
      offset = this.#finishPartial(chunk);
      run = offset;
    }
    while (offset < chunk.length) {
      if (this.#passing > 0) {
        const bytes = Math.min(this.#passing, chunk.length - offset);
        this.#passing -= bytes;
        offset += bytes;
        continue;
      }
      const left = chunk.length - offset;
      if (left < headerBytes) break;
      const total = chunk.readInt32BE(offset + 1) + 1;
      const type = chunk[offset]!;
      if (total < headerBytes) throw new UpstreamFault("the upstream sent a message with an invalid length");
      if ((type === dataRow || type === copyData) && !this.handRows) {
        this.#events.onBulk(total);
        this.#passing = total;
        continue;
      }
      if (total > this.#frameBytesMax) throw new UpstreamFault("the upstream sent a message beyond the limit");
      if (left < total) break;
      const answer = this.#events.onFrame(type, chunk.subarray(offset, offset + total));
      if (answer !== true) {
        if (offset > run) this.#out.push(chunk.subarray(run, offset));
        if (answer !== false) this.#out.push(answer);
        run = offset + total;
      }
      offset += total;
    }
    if (offset > run) this.#out.push(chunk.subarray(run, offset));
    if (offset < chunk.length) this.#keep(Buffer.from(chunk.subarray(offset)));
    return this.#out;
  }

  get midRow(): boolean {
    return this.#passing > 0;
  }

  /** For answers of `onFrame`: the frame's own answer with messages of the broker's behind it. */
  followedBy(frame: Buffer, answer: FrameAnswer, own: Buffer[]): Buffer {
    const first = answer === true ? [frame] : answer === false ? [] : [answer];
    return Buffer.concat([...first, ...own]);
  }

  #keep(bytes: Buffer): void {
    this.#partial.push(bytes);
    this.#partialBytes += bytes.length;
  }

  /** Completes the kept frame from the front of `chunk`; answers how many bytes of it were taken. */
  #finishPartial(chunk: Buffer): number {
    let taken = 0;
    if (this.#partialBytes < headerBytes) {
      taken = Math.min(headerBytes - this.#partialBytes, chunk.length);
      this.#keep(Buffer.from(chunk.subarray(0, taken)));
      this.#partial = [Buffer.concat(this.#partial)];
      if (this.#partialBytes < headerBytes) return taken;
    }
    const head = this.#partial[0]!;
    const type = head[0]!;
    const total = head.readInt32BE(1) + 1;
    if (total < headerBytes) throw new UpstreamFault("the upstream sent a message with an invalid length");
    if ((type === dataRow || type === copyData) && !this.handRows) {
      this.#events.onBulk(total);
      this.#out.push(head);
      this.#passing = total - this.#partialBytes;
      this.#clearPartial();
      return taken;
    }
    if (total > this.#frameBytesMax) throw new UpstreamFault("the upstream sent a message beyond the limit");
    const more = Math.min(total - this.#partialBytes, chunk.length - taken);
    if (more > 0) this.#keep(Buffer.from(chunk.subarray(taken, taken + more)));
    taken += more;
    if (this.#partialBytes < total) return taken;
    const frame = Buffer.concat(this.#partial);
    this.#clearPartial();
    const answer = this.#events.onFrame(type, frame);
    if (answer === true) this.#out.push(frame);
    else if (answer !== false) this.#out.push(answer);
    return taken;
  }

  #clearPartial(): void {
    this.#partial = [];
    this.#partialBytes = 0;
  }
}

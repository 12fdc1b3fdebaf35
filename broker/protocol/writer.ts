/** Builds one message: type byte, length filled in at the end, then fields in order. */
export class MessageWriter {
  #parts: Buffer[] = [];
  #length = 4;
  readonly #type: number | null;

  /** @param type null for packets of the start-up phase, which have no type byte */
  constructor(type: string | null) {
    this.#type = type === null ? null : type.charCodeAt(0);
  }

  byte(value: number): this {
    return this.raw(Buffer.of(value));
  }

  int16(value: number): this {
    const field = Buffer.allocUnsafe(2);
    field.writeInt16BE(value);
    return this.raw(field);
  }

  int32(value: number): this {
    const field = Buffer.allocUnsafe(4);
    field.writeInt32BE(value | 0);
    return this.raw(field);
  }

  /** UTF-8 with a terminator. A NUL inside would end the field early, so it is dropped. */
  string(value: string): this {
    return this.raw(Buffer.from(`${value.replaceAll("\0", "")}\0`, "utf8"));
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  build(): Buffer {
    const header = Buffer.allocUnsafe(this.#type === null ? 4 : 5);
    if (this.#type === null) {
      header.writeInt32BE(this.#length, 0);
    } else {
      header[0] = this.#type;
      header.writeInt32BE(this.#length, 1);
    }
    return Buffer.concat([header, ...this.#parts]);
  }
}

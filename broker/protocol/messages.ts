import { BodyReader, MessageFault } from "./body-reader";

/** Client messages of the regular phase, by their type byte (protocol-message-formats §54.7). */
export const clientType = {
  bind: 0x42,
  close: 0x43,
  describe: 0x44,
  execute: 0x45,
  functionCall: 0x46,
  flush: 0x48,
  parse: 0x50,
  query: 0x51,
  sync: 0x53,
  terminate: 0x58,
  copyDone: 0x63,
  copyData: 0x64,
  copyFail: 0x66,
  /** password, SASL initial response and SASL response share it */
  authentication: 0x70,
} as const;

export type ParseMessage = { name: string; sql: string; parameterTypes: number[] };
export type BoundValue = { format: 0 | 1; value: Buffer | null };
export type BindMessage = { portal: string; statement: string; parameters: BoundValue[] };
export type ObjectMessage = { kind: "statement" | "portal"; name: string };
export type ExecuteMessage = { portal: string; rowsMax: number };

const bodyOffset = 5;
const letterS = 0x53;
const letterP = 0x50;

/** @throws MessageFault, as all functions here */
export function readQuery(frame: Buffer): string {
  const body = new BodyReader(frame, bodyOffset);
  const sql = body.string();
  body.end();
  return sql;
}

export function readParse(frame: Buffer): ParseMessage {
  const body = new BodyReader(frame, bodyOffset);
  const name = body.string();
  const sql = body.string();
  const count = body.int16();
  if (count < 0) throw new MessageFault("insufficient data left in message");
  const parameterTypes: number[] = [];
  for (let index = 0; index < count; index++) parameterTypes.push(body.int32() >>> 0);
  body.end();
  return { name, sql, parameterTypes };
}

export function readBind(frame: Buffer): BindMessage {
  const body = new BodyReader(frame, bodyOffset);
  const portal = body.string();
  const statement = body.string();
  const formats = readFormats(body);
  const count = body.int16();
  if (count < 0) throw new MessageFault("insufficient data left in message");
  if (formats.length > 1 && formats.length !== count) {
    throw new MessageFault(`bind message has ${formats.length} parameter formats but ${count} parameters`);
  }
  const parameters: BoundValue[] = [];
  for (let index = 0; index < count; index++) {
    const length = body.int32();
    const value = length === -1 ? null : body.bytes(length);
    parameters.push({ format: (formats.length === 1 ? formats[0] : formats[index]) ?? 0, value });
  }
  readFormats(body);
  body.end();
  return { portal, statement, parameters };
}

/** The two names of a Bind, without walking its parameters. */
export function readBindNames(frame: Buffer): { portal: string; statement: string } {
  const body = new BodyReader(frame, bodyOffset);
  return { portal: body.string(), statement: body.string() };
}

/** Describe and Close. */
export function readObject(frame: Buffer): ObjectMessage {
  const body = new BodyReader(frame, bodyOffset);
  const kind = body.byte();
  const name = body.string();
  body.end();
  if (kind !== letterS && kind !== letterP) {
    throw new MessageFault(`invalid ${frame[0] === clientType.close ? "CLOSE" : "DESCRIBE"} message subtype ${kind}`);
  }
  return { kind: kind === letterS ? "statement" : "portal", name };
}

export function readExecute(frame: Buffer): ExecuteMessage {
  const body = new BodyReader(frame, bodyOffset);
  const portal = body.string();
  const rowsMax = body.int32();
  body.end();
  return { portal, rowsMax };
}

export type SaslInitial = { mechanism: string; data: Buffer | null };

export function readSaslInitial(frame: Buffer): SaslInitial {
  const body = new BodyReader(frame, bodyOffset);
  const mechanism = body.string();
  const length = body.int32();
  const data = length === -1 ? null : body.bytes(length);
  body.end();
  return { mechanism, data };
}

/** Body of a SASL response or password message, without header. */
export function readAuthentication(frame: Buffer): Buffer {
  return frame.subarray(bodyOffset);
}

function readFormats(body: BodyReader): (0 | 1)[] {
  const count = body.int16();
  if (count < 0) throw new MessageFault("insufficient data left in message");
  const formats: (0 | 1)[] = [];
  for (let index = 0; index < count; index++) {
    const format = body.int16();
    if (format !== 0 && format !== 1) throw new MessageFault(`unsupported format code: ${format}`);
    formats.push(format);
  }
  return formats;
}

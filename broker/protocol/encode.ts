import { MessageWriter } from "./writer";

/** Messages that the broker sends to clients (protocol-message-formats §54.7). */

export type ReadyStatus = "I" | "T" | "E";

export type ErrorReport = {
  severity: "ERROR" | "FATAL" | "NOTICE" | "WARNING";
  sqlstate: string;
  message: string;
  detail?: string;
  hint?: string;
  /** 1-based, in characters */
  position?: number;
};

const authenticationOk = 0;
const authenticationSasl = 10;
const authenticationSaslContinue = 11;
const authenticationSaslFinal = 12;

export function encodeError(report: ErrorReport): Buffer {
  const notice = report.severity === "NOTICE" || report.severity === "WARNING";
  const message = new MessageWriter(notice ? "N" : "E");
  const field = (code: string, value: string | undefined): void => {
    if (value !== undefined) message.byte(code.charCodeAt(0)).string(value);
  };
  field("S", report.severity);
  field("V", report.severity);
  field("C", report.sqlstate);
  field("M", report.message);
  field("D", report.detail);
  field("H", report.hint);
  field("P", report.position === undefined ? undefined : String(report.position));
  return message.byte(0).build();
}

export function encodeAuthenticationOk(): Buffer {
  return new MessageWriter("R").int32(authenticationOk).build();
}

export function encodeSaslMechanisms(mechanisms: string[]): Buffer {
  const message = new MessageWriter("R").int32(authenticationSasl);
  for (const mechanism of mechanisms) message.string(mechanism);
  return message.byte(0).build();
}

export function encodeSaslContinue(data: string): Buffer {
  return new MessageWriter("R").int32(authenticationSaslContinue).raw(Buffer.from(data)).build();
}

export function encodeSaslFinal(data: string): Buffer {
  return new MessageWriter("R").int32(authenticationSaslFinal).raw(Buffer.from(data)).build();
}

export function encodeParameterStatus(name: string, value: string): Buffer {
  return new MessageWriter("S").string(name).string(value).build();
}

export function encodeBackendKeyData(processId: number, key: Buffer): Buffer {
  return new MessageWriter("K").int32(processId).raw(key).build();
}

export function encodeReady(status: ReadyStatus): Buffer {
  return new MessageWriter("Z").byte(status.charCodeAt(0)).build();
}

/** The newest minor version that is spoken here, and the `_pq_.` keys that are not understood. */
export function encodeNegotiateVersion(minor: number, unknownKeys: string[]): Buffer {
  const message = new MessageWriter("v").int32((3 << 16) | minor).int32(unknownKeys.length);
  for (const key of unknownKeys) message.string(key);
  return message.build();
}

import { MessageWriter } from "./writer";

/** Messages that the broker itself sends to an upstream. */

export function encodeStartup(parameters: Iterable<[string, string]>): Buffer {
  const message = new MessageWriter(null).int32(3 << 16);
  for (const [name, value] of parameters) message.string(name).string(value);
  return message.byte(0).build();
}

export function encodeSslRequest(): Buffer {
  return new MessageWriter(null).int32(80877103).build();
}

export function encodeCancelRequest(processId: number, key: Buffer): Buffer {
  return new MessageWriter(null).int32(80877102).int32(processId).raw(key).build();
}

export function encodePassword(password: string): Buffer {
  return new MessageWriter("p").string(password).build();
}

export function encodeSaslInitial(mechanism: string, data: string): Buffer {
  const bytes = Buffer.from(data);
  return new MessageWriter("p").string(mechanism).int32(bytes.length).raw(bytes).build();
}

export function encodeSaslResponse(data: string): Buffer {
  return new MessageWriter("p").raw(Buffer.from(data)).build();
}

/** Hot path: one allocation. */
export function encodeQuery(sql: string): Buffer {
  const length = Buffer.byteLength(sql);
  const message = Buffer.allocUnsafe(length + 6);
  message[0] = 0x51;
  message.writeInt32BE(length + 5, 1);
  message.write(sql, 5, "utf8");
  message[length + 5] = 0;
  return message;
}

export function encodeParse(name: string, sql: string, parameterTypes: number[]): Buffer {
  const message = new MessageWriter("P").string(name).string(sql).int16(parameterTypes.length);
  for (const type of parameterTypes) message.int32(type);
  return message.build();
}

/** Parses, binds and executes one text without parameters, results as text. A second statement in it is an error. */
export function encodeRunOnce(sql: string): Buffer {
  const bind = new MessageWriter("B").string("").string("").int16(0).int16(0).int16(0).build();
  const execute = new MessageWriter("E").string("").int32(0).build();
  return Buffer.concat([encodeParse("", sql, []), bind, execute, encodeSync()]);
}

export function encodeDescribeStatement(name: string): Buffer {
  return new MessageWriter("D").byte(0x53).string(name).build();
}

export function encodeCloseStatement(name: string): Buffer {
  return new MessageWriter("C").byte(0x53).string(name).build();
}

export function encodeSync(): Buffer {
  return new MessageWriter("S").build();
}

export function encodeTerminate(): Buffer {
  return new MessageWriter("X").build();
}

export function encodeFlush(): Buffer {
  return new MessageWriter("H").build();
}

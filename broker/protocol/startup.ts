/** The first packet of a connection: no type byte (protocol-flow §54.2.1). */

export const startupBytesMax = 10_000;
const startupBytesMin = 8;
const sslRequestCode = 80877103;
const gssRequestCode = 80877104;
const cancelRequestCode = 80877102;
/** PostgreSQL reserves 3.9999 so that servers can be tested for tolerating minor versions; it is negotiated too. */
const minorNewest = 2;
const cancelKeyBytesMax = 256;

export type StartupPacket =
  | { kind: "ssl" }
  | { kind: "gss" }
  | { kind: "cancel"; processId: number; key: Buffer }
  | {
      kind: "startup";
      /** what is spoken: 3.0 or 3.2 */
      minor: 0 | 2;
      parameters: Map<string, string>;
      /** set where NegotiateProtocolVersion must be answered */
      negotiate?: { minor: number; unknownKeys: string[] };
    }
  | { kind: "fault"; fatal: { sqlstate: string; message: string } | null };

export type StartupRead = { packet: StartupPacket; bytes: number };

/** Reads the packet at the front of `buffer`, or undefined until it is whole. A fault without text closes silently. */
export function readStartup(buffer: Buffer): StartupRead | undefined {
  if (buffer.length < 4) return undefined;
  const length = buffer.readInt32BE(0);
  if (length < startupBytesMin || length > startupBytesMax) {
    return { packet: { kind: "fault", fatal: null }, bytes: buffer.length };
  }
  if (buffer.length < length) return undefined;
  return { packet: packetOf(buffer.subarray(0, length)), bytes: length };
}

function packetOf(packet: Buffer): StartupPacket {
  const code = packet.readInt32BE(4);
  if (code === sslRequestCode && packet.length === 8) return { kind: "ssl" };
  if (code === gssRequestCode && packet.length === 8) return { kind: "gss" };
  if (code === cancelRequestCode) {
    const keyBytes = packet.length - 12;
    if (keyBytes < 1 || keyBytes > cancelKeyBytesMax) return { kind: "fault", fatal: null };
    return { kind: "cancel", processId: packet.readInt32BE(8), key: packet.subarray(12) };
  }
  const major = code >>> 16;
  const minor = code & 0xffff;
  if (major !== 3) {
    return fatal("0A000", `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.${minorNewest}`);
  }
  return parametersOf(packet, minor);
}

function parametersOf(packet: Buffer, minor: number): StartupPacket {
  const parameters = new Map<string, string>();
  const unknownKeys: string[] = [];
  const layout = fatal("08P01", "invalid startup packet layout: expected terminator as last byte");
  let offset = 8;
  for (;;) {
    const nameEnd = packet.indexOf(0, offset);
    if (nameEnd < 0) return layout;
    const name = packet.toString("utf8", offset, nameEnd);
    offset = nameEnd + 1;
    if (name === "") break;
    const valueEnd = packet.indexOf(0, offset);
    if (valueEnd < 0) return layout;
    const value = packet.toString("utf8", offset, valueEnd);
    offset = valueEnd + 1;
    if (name.startsWith("_pq_.")) unknownKeys.push(name);
    else if (parameters.has(name)) return fatal("08P01", `startup packet names "${name}" twice`);
    else parameters.set(name, value);
  }
  if (offset !== packet.length) return layout;
  const spoken = minor >= minorNewest ? 2 : 0;
  const startup = { kind: "startup" as const, minor: spoken as 0 | 2, parameters };
  const negotiate = minor > minorNewest || unknownKeys.length > 0;
  return negotiate ? { ...startup, negotiate: { minor: spoken, unknownKeys } } : startup;
}

function fatal(sqlstate: string, message: string): StartupPacket {
  return { kind: "fault", fatal: { sqlstate, message } };
}

import type { Socket } from "node:net";

import type { CancelKey } from "./cancel-keys";
import { Inbound } from "./inbound";
import { encodeError } from "./protocol/encode";
import { sqlstate } from "./protocol/sqlstate";
import type { StartupPacket } from "./protocol/startup";
import { encrypt, type TlsServer } from "./tls-server";

export type Negotiated =
  | { kind: "startup"; inbound: Inbound; tls: boolean; packet: Extract<StartupPacket, { kind: "startup" }> }
  | { kind: "cancel"; key: CancelKey }
  /** answered or not, there is nothing more to do */
  | { kind: "closed" };

type Options = { tls: TlsServer | null; onInbound: (inbound: Inbound) => void };

/** Any message before authentication. */
export const earlyMessageBytesMax = 64 * 1024;
const tlsHandshakeByte = 0x16;
const requestsMax = 4;
const stuffed = {
  severity: "FATAL" as const,
  sqlstate: sqlstate.protocolViolation,
  message: "received unencrypted data after SSL request",
  detail: "This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.",
};

/** From the first byte to the StartupMessage or CancelRequest: encryption requests in any of their spellings. */
export async function negotiate(socket: Socket, { tls, onInbound }: Options): Promise<Negotiated> {
  let inbound = new Inbound(socket, earlyMessageBytesMax);
  onInbound(inbound);
  let secured = false;
  if (tls !== null && (await inbound.firstByte()) === tlsHandshakeByte) {
    const rest = inbound.detach();
    socket.unshift(rest);
    const encrypted = await encrypt(socket, tls, true);
    if (encrypted === null) return { kind: "closed" };
    inbound = new Inbound(encrypted, earlyMessageBytesMax);
    onInbound(inbound);
    secured = true;
  }
  let asked = { ssl: false, gss: false };
  for (let requests = 0; requests < requestsMax; requests++) {
    const packet = await inbound.startup();
    if (typeof packet === "string") return closed(inbound);
    switch (packet.kind) {
      case "startup":
        return { kind: "startup", inbound, tls: secured, packet };
      case "cancel":
        inbound.socket.end();
        return { kind: "cancel", key: { processId: packet.processId, key: Buffer.from(packet.key) } };
      case "fault":
        if (packet.fatal === null) return closed(inbound);
        return say(inbound, { severity: "FATAL", ...packet.fatal });
      case "gss":
        if (asked.gss) return closed(inbound);
        asked = { ...asked, gss: true };
        if (inbound.unreadBytes > 0)
          return say(inbound, { ...stuffed, message: "received unencrypted data after GSSAPI encryption request" });
        inbound.socket.write("N");
        break;
      case "ssl": {
        if (asked.ssl || secured) return closed(inbound);
        asked = { ...asked, ssl: true };
        if (inbound.unreadBytes > 0) return say(inbound, stuffed);
        if (tls === null) {
          inbound.socket.write("N");
          break;
        }
        const plain = inbound.socket;
        inbound.detach();
        plain.write("S");
        const encrypted = await encrypt(plain, tls, false);
        if (encrypted === null) return { kind: "closed" };
        inbound = new Inbound(encrypted, earlyMessageBytesMax);
        onInbound(inbound);
        secured = true;
      }
    }
  }
  return closed(inbound);
}

function closed(inbound: Inbound): Negotiated {
  inbound.socket.destroy();
  return { kind: "closed" };
}

function say(inbound: Inbound, report: Parameters<typeof encodeError>[0]): Negotiated {
  inbound.socket.end(encodeError(report));
  return { kind: "closed" };
}

import { createServer, type Server, type Socket } from "node:net";

import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { AddressLimits } from "./address-limits";
import { authenticate } from "./authenticate";
import type { Broker } from "./broker";
import { cancelSession, requestCancel } from "./cancel";
import { closeSession } from "./close-session";
import type { Inbound } from "./inbound";
import { type Negotiated, negotiate } from "./negotiate";
import { openSession } from "./open-session";
import {
  encodeAuthenticationOk,
  encodeBackendKeyData,
  encodeError,
  encodeNegotiateVersion,
  encodeParameterStatus,
  encodeReady,
} from "./protocol/encode";
import { sqlstate } from "./protocol/sqlstate";
import { recordRefused } from "./record-refused";
import { startSession } from "./session";
import { readStartupSettings } from "./startup-settings";
import type { TlsServer } from "./tls-server";

export type Listener = { port: number; stopAccepting(): Promise<void> };
type Options = { host: string; port: number; tls: TlsServer | null };
type Startup = Extract<Negotiated, { kind: "startup" }>;

const authenticationMsMax = 10_000;
const sweepMs = 10_000;
const backlogMax = 1_024;

/** Listens for clients. @throws the system's error when the port cannot be had */
export async function listen(broker: Broker, { host, port, tls }: Options): Promise<Listener> {
  const limits = new AddressLimits(broker.now);
  const server: Server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true }, (socket) => {
    accept(broker, { socket, limits, tls });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: backlogMax }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => log("broker").error({ error: messageOf(error) }, "the listener failed"));
  const sweep = setInterval(() => limits.sweep(), sweepMs);
  sweep.unref();
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    stopAccepting: () => {
      clearInterval(sweep);
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

type Accepted = { socket: Socket; limits: AddressLimits; tls: TlsServer | null };

/** Never waits: whatever a connection does, the next one is accepted. */
function accept(broker: Broker, { socket, limits, tls }: Accepted): void {
  const address = socket.remoteAddress?.replace(/^::ffff:/, "") ?? "";
  socket.on("error", () => socket.destroy());
  const entered = limits.enter(address);
  if (!entered.ok) {
    socket.end(encodeError({ severity: "FATAL", sqlstate: sqlstate.tooManyConnections, message: entered.message }));
    return;
  }
  socket.once("close", () => limits.leave(address));
  let inbound: Inbound | undefined;
  const expiry = setTimeout(() => {
    inbound?.end("timeout");
    socket.destroy();
  }, authenticationMsMax);
  const serve = async (): Promise<void> => {
    const negotiated = await negotiate(socket, {
      tls,
      onInbound: (next) => {
        inbound = next;
      },
    });
    if (negotiated.kind === "cancel") requestCancel(broker, negotiated.key);
    if (negotiated.kind !== "startup") return;
    const ready = await begin(broker, { negotiated, address, limits, tls, settled: () => clearTimeout(expiry) });
    if (!ready) negotiated.inbound.socket.setTimeout(closeMsMax, () => socket.destroy());
  };
  serve()
    .catch((error: unknown) => {
      log("broker").error({ error }, "a connection failed at its start");
      socket.destroy();
    })
    .finally(() => clearTimeout(expiry));
}

const closeMsMax = 2_000;

type Beginning = {
  negotiated: Startup;
  address: string;
  limits: AddressLimits;
  tls: TlsServer | null;
  /** who the client is has been settled: the time for authentication is over */
  settled: () => void;
};

/** From the StartupMessage to ReadyForQuery. False when the client was turned away. */
async function begin(broker: Broker, { negotiated, address, limits, tls, settled }: Beginning): Promise<boolean> {
  const { inbound, packet } = negotiated;
  const { socket } = inbound;
  const settings = readStartupSettings(packet.parameters);
  const claimed = { address, parameters: packet.parameters };
  if (packet.negotiate !== undefined) {
    socket.write(encodeNegotiateVersion(packet.negotiate.minor, packet.negotiate.unknownKeys));
  }
  if (!settings.ok) {
    recordRefused(broker, claimed, { ...settings, cause: "protocol" });
    return turnAway(socket, settings);
  }
  const authenticated = await authenticate(broker, inbound, {
    user: settings.user,
    database: settings.database,
    channelBinding: negotiated.tls ? (tls?.endPoint ?? null) : null,
  });
  if (authenticated === null) return false;
  if ("cause" in authenticated) {
    limits.fail(address);
    recordRefused(broker, claimed, authenticated);
    return turnAway(socket, authenticated);
  }
  settled();
  const opened = await openSession(broker, {
    inbound,
    settings,
    authenticated,
    tls: negotiated.tls,
    address,
    register: (session) => broker.cancels.register(() => cancelSession(session()), packet.minor),
  });
  if ("cause" in opened) {
    socket.write(Buffer.concat([authenticated.reply, encodeAuthenticationOk()]));
    recordRefused(broker, claimed, opened);
    return turnAway(socket, opened);
  }
  const { session, key } = opened;
  const statuses = [...session.upstream.upstream.parameters].map(([name, value]) => encodeParameterStatus(name, value));
  const greeting = [
    authenticated.reply,
    encodeAuthenticationOk(),
    ...statuses,
    encodeBackendKeyData(key.processId, key.key),
  ];
  const rest = inbound.detach();
  socket.write(Buffer.concat([...greeting, encodeReady("I")]));
  startSession(session, rest);
  if (socket.destroyed) closeSession(session, "disconnected");
  return true;
}

type Away = { sqlstate: string; message: string; detail?: string };

function turnAway(socket: Socket, { sqlstate: code, message, detail }: Away): false {
  socket.end(encodeError({ severity: "FATAL", sqlstate: code, message, ...(detail === undefined ? {} : { detail }) }));
  return false;
}

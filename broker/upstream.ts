import { createHash } from "node:crypto";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import { type Ended, Inbound } from "./inbound";
import {
  encodeCancelRequest,
  encodePassword,
  encodeSaslInitial,
  encodeSaslResponse,
  encodeSslRequest,
  encodeStartup,
} from "./protocol/encode-upstream";
import { readErrorFields } from "./protocol/error-fields";
import { ScramClient } from "./scram-client";
import type { UpstreamAddress } from "./upstream-url";

/** A logged-in connection to an upstream; the caller owns the socket, which is paused. */
export type Upstream = {
  socket: Socket;
  address: UpstreamAddress;
  /** as the server reported them at start-up */
  parameters: Map<string, string>;
  processId: number;
  cancelKey: Buffer;
  /** bytes behind the first ReadyForQuery; normally none */
  rest: Buffer;
};

export type UpstreamFailure = { failed: string; sqlstate: string };

const connectMsMax = 10_000;
const cancelMsMax = 5_000;
const messageBytesMax = 1024 * 1024;
const mechanism = "SCRAM-SHA-256";

/**
 * Opens and authenticates one connection. Failures say what went wrong without credentials, for the client's FATAL.
 * @param settings start-up parameters besides user and database
 */
export async function openUpstream(
  address: UpstreamAddress,
  settings: Iterable<[string, string]>,
): Promise<Upstream | UpstreamFailure> {
  let socket: Socket | undefined;
  let inbound: Inbound | undefined;
  const expiry = setTimeout(() => inbound?.end("timeout"), connectMsMax);
  try {
    socket = await secure(address, await dial(address, connectMsMax));
    inbound = new Inbound(socket, messageBytesMax);
    socket.write(encodeStartup([["user", address.user], ["database", address.database], ...settings]));
    const result = await logIn(inbound, address);
    if ("failed" in result) socket.destroy();
    return result;
  } catch (error) {
    socket?.destroy();
    return { failed: error instanceof Error ? error.message : String(error), sqlstate: "08006" };
  } finally {
    clearTimeout(expiry);
  }
}

/** Asks the upstream to cancel what a session runs. Resolves when the request was delivered or could not be. */
export async function cancelUpstream(upstream: Upstream): Promise<void> {
  try {
    const socket = await secure(upstream.address, await dial(upstream.address, cancelMsMax));
    socket.on("error", () => socket.destroy());
    socket.end(encodeCancelRequest(upstream.processId, upstream.cancelKey));
    socket.setTimeout(cancelMsMax, () => socket.destroy());
    await new Promise((resolve) => socket.once("close", resolve).resume());
  } catch {
    // The statement goes on; the client can ask again.
  }
}

function dial(address: UpstreamAddress, msMax: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const target = address.host.startsWith("/")
      ? { path: `${address.host}/.s.PGSQL.${address.port}` }
      : { host: address.host, port: address.port };
    const socket = connectTcp({ ...target, noDelay: true, keepAlive: true });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(msMax, () => fail(new Error("the upstream did not answer in time")));
    socket.once("error", (error: NodeJS.ErrnoException) => fail(new Error(error.code ?? error.message)));
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      socket.removeAllListeners("timeout");
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

async function secure(address: UpstreamAddress, socket: Socket): Promise<Socket> {
  if (address.sslMode === "disable" || address.sslMode === "allow" || address.host.startsWith("/")) return socket;
  socket.write(encodeSslRequest());
  const answer = await new Promise<Buffer>((resolve, reject) => {
    socket.setTimeout(connectMsMax, () => reject(new Error("the upstream did not answer in time")));
    socket.once("data", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the upstream closed the connection")));
  });
  socket.setTimeout(0);
  socket.removeAllListeners();
  socket.pause();
  if (answer.length !== 1) throw new Error("the upstream sent bytes before encryption");
  if (answer[0] !== "S".charCodeAt(0)) {
    if (address.sslMode === "prefer") return socket;
    throw new Error("the upstream does not speak TLS, which its address demands");
  }
  const verify = address.sslMode === "verify-ca" || address.sslMode === "verify-full";
  return new Promise((resolve, reject) => {
    const tls = connectTls({
      socket,
      ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
      host: address.host,
      rejectUnauthorized: verify,
      ALPNProtocols: ["postgresql"],
      ...(address.rootCertificates === null ? {} : { ca: address.rootCertificates }),
      ...(address.sslMode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    });
    tls.setTimeout(connectMsMax, () => reject(new Error("the upstream did not answer in time")));
    tls.once("error", reject);
    tls.once("secureConnect", () => {
      tls.removeListener("error", reject);
      tls.setTimeout(0);
      resolve(tls);
    });
  });
}

async function logIn(inbound: Inbound, address: UpstreamAddress): Promise<Upstream | UpstreamFailure> {
  const parameters = new Map<string, string>();
  let processId = 0;
  let cancelKey: Buffer = Buffer.alloc(0);
  let scram: ScramClient | undefined;
  for (;;) {
    const frame = await nextMessage(inbound);
    if ("failed" in frame) return frame;
    const { type, bytes } = frame;
    if (type === "E") {
      const fields = readErrorFields(bytes);
      return { failed: fields.get("M") ?? "the upstream refused", sqlstate: fields.get("C") ?? "08006" };
    }
    if (type === "R") {
      const step: string | null | ScramClient = await answerAuthentication(inbound, { bytes, address, scram });
      if (step instanceof ScramClient) scram = step;
      else if (step !== null) return { failed: step, sqlstate: "08006" };
    } else if (type === "S") {
      const [name = "", value = ""] = bytes.toString("utf8", 5).split("\0");
      parameters.set(name, value);
    } else if (type === "K") {
      processId = bytes.readInt32BE(5);
      cancelKey = Buffer.from(bytes.subarray(9));
    } else if (type === "Z") {
      const rest = inbound.detach();
      return { socket: inbound.socket, address, parameters, processId, cancelKey, rest };
    }
  }
}

type Authentication = { bytes: Buffer; address: UpstreamAddress; scram: ScramClient | undefined };

/** Answers one authentication request; a string is a failure. */
async function answerAuthentication(inbound: Inbound, step: Authentication): Promise<string | null | ScramClient> {
  const { bytes, address, scram } = step;
  const { socket } = inbound;
  switch (bytes.readInt32BE(5)) {
    case 0:
      return null;
    case 3:
      socket.write(encodePassword(address.password));
      return null;
    case 5:
      socket.write(encodePassword(md5Answer(address, bytes.subarray(9, 13))));
      return null;
    case 10: {
      if (!bytes.toString("utf8", 9).split("\0").includes(mechanism)) return "the upstream offers no known login";
      const started = new ScramClient(address.password);
      socket.write(encodeSaslInitial(mechanism, started.first()));
      return started;
    }
    case 11:
      if (scram === undefined) return "the upstream broke the login's order";
      socket.write(encodeSaslResponse(await scram.final(bytes.toString("utf8", 9))));
      return null;
    case 12:
      return scram?.verify(bytes.toString("utf8", 9)) ? null : "the upstream does not know the password either";
    default:
      return "the upstream asks for a login that is not supported";
  }
}

function md5Answer(address: UpstreamAddress, salt: Buffer): string {
  const inner = createHash("md5")
    .update(address.password + address.user)
    .digest("hex");
  return `md5${createHash("md5").update(inner).update(salt).digest("hex")}`;
}

async function nextMessage(inbound: Inbound): Promise<{ type: string; bytes: Buffer } | UpstreamFailure> {
  const found = await inbound.serverMessage(messageBytesMax);
  if (typeof found !== "string") return found;
  const why: Record<Ended | "fault", string> = {
    closed: "the upstream closed the connection",
    timeout: "the upstream did not answer in time",
    fault: "the upstream does not speak the PostgreSQL protocol",
  };
  return { failed: why[found], sqlstate: "08006" };
}

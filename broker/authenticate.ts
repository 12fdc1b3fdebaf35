import type { SnapshotPrincipal, SnapshotToken } from "@/lib/snapshot";
import type { Broker } from "./broker";
import type { Inbound } from "./inbound";
import { earlyMessageBytesMax } from "./negotiate";
import { MessageFault } from "./protocol/body-reader";
import { encodeSaslContinue, encodeSaslFinal, encodeSaslMechanisms } from "./protocol/encode";
import { isFault } from "./protocol/frames";
import { clientType, readAuthentication, readSaslInitial } from "./protocol/messages";
import { mockCandidate, type ScramCandidate, ScramServer } from "./scram-server";

export type Refused = { sqlstate: string; message: string; cause: RefusedCause };
export type RefusedCause =
  | "unknown-user"
  | "unknown-database"
  | "wrong-token"
  | "expired-token"
  | "disabled-principal"
  | "timeout"
  | "protocol";
export type Authenticated = { principal: SnapshotPrincipal; token: SnapshotToken; reply: Buffer };

type Options = { user: string; database: string; channelBinding: Buffer | null };

/**
 * SCRAM-SHA-256 with any live token of the principal. Whatever is wrong (user, database, token, time), the client
 * gets the same answer after the same work; the cause is for the log.
 * `reply` is the last SASL message, not yet sent: the client must not read success before the session stands.
 */
export async function authenticate(
  broker: Broker,
  inbound: Inbound,
  { user, database, channelBinding }: Options,
): Promise<Authenticated | Refused | null> {
  const mechanisms = channelBinding === null ? ["SCRAM-SHA-256"] : ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"];
  inbound.socket.write(encodeSaslMechanisms(mechanisms));
  try {
    const initial = await answer(inbound);
    if (initial === null) return null;
    const { mechanism, data } = readSaslInitial(initial);
    if (!mechanisms.includes(mechanism)) return violation("client selected an invalid SASL authentication mechanism");
    const principal = broker.snapshot.principal(nameOf(user));
    const { candidate, cause } = candidateOf(broker, principal, user);
    const scram = new ScramServer({ mechanism: mechanism as "SCRAM-SHA-256", candidate, channelBinding });
    const first = scram.first(data?.toString("utf8") ?? "");
    if (!first.ok) return violation(first.fault);
    inbound.socket.write(encodeSaslContinue(first.reply));
    const response = await answer(inbound);
    if (response === null) return null;
    const final = scram.final(readAuthentication(response).toString("utf8"));
    if (final.outcome === "fault") return violation(final.fault);
    const token = final.outcome === "accepted" ? principal?.tokens.find(({ id }) => id === final.tokenId) : undefined;
    if (final.outcome !== "accepted" || token === undefined || principal === undefined) return wrong(user, cause);
    if (broker.snapshot.database(database) === undefined) return wrong(user, "unknown-database");
    return { principal, token, reply: encodeSaslFinal(final.reply) };
  } catch (error) {
    if (error instanceof MessageFault) return violation(error.message);
    throw error;
  }
}

/** Agents as they are; whoever has an @ is a person, and e-mails are compared in lower case. */
function nameOf(user: string): string {
  return user.includes("@") ? user.toLowerCase() : user;
}

type Candidate = { candidate: ScramCandidate; cause: RefusedCause };

function candidateOf(broker: Broker, principal: SnapshotPrincipal | undefined, user: string): Candidate {
  if (principal === undefined) return { candidate: mockCandidate(broker.serverSecret, user), cause: "unknown-user" };
  const salt = Buffer.from(principal.scramSalt, "base64");
  const now = broker.now();
  if (!isEnabled(principal, now)) return { candidate: { salt, verifiers: [] }, cause: "disabled-principal" };
  const live = principal.tokens.filter((token) => isLive(token, now));
  const verifiers = live.map(({ id, storedKey, serverKey }) => ({
    tokenId: id,
    storedKey: Buffer.from(storedKey, "base64"),
    serverKey: Buffer.from(serverKey, "base64"),
  }));
  const cause = live.length < principal.tokens.length && live.length === 0 ? "expired-token" : "wrong-token";
  return { candidate: { salt, verifiers }, cause };
}

export function isEnabled(principal: SnapshotPrincipal, now: number): boolean {
  return principal.enabled && (principal.expiresAt === null || principal.expiresAt > now);
}

export function isLive(token: SnapshotToken, now: number): boolean {
  return token.expiresAt === null || token.expiresAt > now;
}

async function answer(inbound: Inbound): Promise<Buffer | null> {
  const frame = await inbound.message(earlyMessageBytesMax);
  if (typeof frame === "string") return null;
  if (isFault(frame)) throw new MessageFault(frame.fault);
  if (frame.type !== clientType.authentication) throw new MessageFault("expected SASL response");
  return Buffer.from(frame.bytes);
}

function violation(message: string): Refused {
  return { sqlstate: "08P01", message, cause: "protocol" };
}

function wrong(user: string, cause: RefusedCause): Refused {
  return { sqlstate: "28P01", message: `password authentication failed for user "${user}"`, cause };
}

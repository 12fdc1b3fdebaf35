import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What one token is known by: RFC 5802's StoredKey and ServerKey, 32 bytes each. */
export type ScramVerifier = { tokenId: string; storedKey: Buffer; serverKey: Buffer };

export type ScramCandidate = {
  /** one salt for all tokens, because the server sends it before it sees a proof */
  salt: Buffer;
  verifiers: ScramVerifier[];
};

export type ScramServerOptions = {
  mechanism: "SCRAM-SHA-256" | "SCRAM-SHA-256-PLUS";
  candidate: ScramCandidate;
  /** tls-server-end-point data; null where the server offers no channel binding */
  channelBinding: Buffer | null;
  /** base64 text; tests pass a fixed one */
  serverNonce?: string;
};

export type ScramFirst = { ok: true; reply: string } | { ok: false; fault: string };
export type ScramFinal =
  | { outcome: "accepted"; reply: string; tokenId: string }
  | { outcome: "rejected" }
  | { outcome: "fault"; fault: string };

export const scramIterations = 4096;
const verifiersMax = 16;
const nonceBytes = 18;
const keyBytes = 32;

/** The server's half of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677). Use each instance once. */
export class ScramServer {
  readonly #options: ScramServerOptions;
  #clientFirstBare = "";
  #serverFirst = "";
  #gs2Header = "";
  #nonce = "";

  constructor(options: ScramServerOptions) {
    this.#options = options;
  }

  /** Answers client-first-message with server-first-message. */
  first(message: string): ScramFirst {
    const parts = /^(?:(n)|(y)|p=([A-Za-z0-9.-]+)),(?:a=[^,]*)?,((?:m=)?.*)$/s.exec(message);
    if (parts === null) return { ok: false, fault: "malformed SCRAM message" };
    const [, none, supported, binding, bare = ""] = parts;
    const plus = this.#options.mechanism === "SCRAM-SHA-256-PLUS";
    if (plus && binding === undefined) return { ok: false, fault: "malformed SCRAM message" };
    if (!plus && binding !== undefined) return { ok: false, fault: "malformed SCRAM message" };
    if (binding !== undefined && binding !== "tls-server-end-point") {
      return { ok: false, fault: `unsupported SCRAM channel-binding type "${binding}"` };
    }
    // The client saw no offer although we made one: somebody on the way removed it.
    if (supported !== undefined && this.#options.channelBinding !== null) {
      return { ok: false, fault: "SCRAM channel binding negotiation error" };
    }
    void none;
    const nonce = /^n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?$/s.exec(bare)?.[1];
    if (nonce === undefined) return { ok: false, fault: "malformed SCRAM message" };
    this.#gs2Header = message.slice(0, message.length - bare.length);
    this.#clientFirstBare = bare;
    this.#nonce = nonce + (this.#options.serverNonce ?? randomBytes(nonceBytes).toString("base64"));
    this.#serverFirst = `r=${this.#nonce},s=${this.#options.candidate.salt.toString("base64")},i=${scramIterations}`;
    return { ok: true, reply: this.#serverFirst };
  }

  /** Checks client-final-message against every verifier; which of them fits takes no different time. */
  final(message: string): ScramFinal {
    const parts = /^(c=([A-Za-z0-9+/=]+),r=([^,]+)(?:,.*?)?),p=([A-Za-z0-9+/=]+)$/s.exec(message);
    if (parts === null) return { outcome: "fault", fault: "malformed SCRAM message" };
    const [, withoutProof = "", bound = "", nonce = "", proofText = ""] = parts;
    if (nonce !== this.#nonce) return { outcome: "fault", fault: "malformed SCRAM message" };
    if (!this.#bindingFits(bound)) return { outcome: "fault", fault: "SCRAM channel binding check failed" };
    const proof = Buffer.from(proofText, "base64");
    if (proof.length !== keyBytes) return { outcome: "fault", fault: "malformed SCRAM message" };
    const authMessage = `${this.#clientFirstBare},${this.#serverFirst},${withoutProof}`;
    let accepted: ScramVerifier | undefined;
    // INVARIANT: every slot is computed, filled or not, so that the number of tokens does not show in time.
    for (let slot = 0; slot < verifiersMax; slot++) {
      const verifier = this.#options.candidate.verifiers[slot];
      const storedKey = verifier?.storedKey ?? emptyKey;
      const signature = createHmac("sha256", storedKey).update(authMessage).digest();
      const clientKey = Buffer.alloc(keyBytes);
      for (let index = 0; index < keyBytes; index++) clientKey[index] = proof[index]! ^ signature[index]!;
      const fits = timingSafeEqual(createHash("sha256").update(clientKey).digest(), storedKey);
      if (fits && verifier !== undefined) accepted = verifier;
    }
    if (accepted === undefined) return { outcome: "rejected" };
    const reply = createHmac("sha256", accepted.serverKey).update(authMessage).digest("base64");
    return { outcome: "accepted", reply: `v=${reply}`, tokenId: accepted.tokenId };
  }

  #bindingFits(bound: string): boolean {
    const data = this.#options.mechanism === "SCRAM-SHA-256-PLUS" ? this.#options.channelBinding : Buffer.alloc(0);
    if (data === null) return false;
    const expected = Buffer.concat([Buffer.from(this.#gs2Header), data]);
    const given = Buffer.from(bound, "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

const emptyKey = Buffer.alloc(keyBytes);

/**
 * What an unknown user is asked for: a salt that depends on the name only, as a known user's would, and no
 * verifier that any proof fits.
 */
export function mockCandidate(serverSecret: Buffer, user: string): ScramCandidate {
  const salt = createHmac("sha256", serverSecret).update(`scram-salt\0${user}`).digest().subarray(0, 16);
  return { salt, verifiers: [] };
}

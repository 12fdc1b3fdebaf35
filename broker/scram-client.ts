import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(pbkdf2);
const keyBytes = 32;
const nonceBytes = 18;
/** A hostile server could name a number of iterations that blocks a thread for hours. */
const iterationsMax = 1_000_000;
const saltedMax = 256;

/** Salted passwords, by password, salt and iterations: every session of a database derives the same one. */
const salted = new Map<string, Promise<Buffer>>();

/** The client's half of one SCRAM-SHA-256 exchange, towards an upstream. Use each instance once. */
export class ScramClient {
  readonly #password: string;
  readonly #nonce: string;
  #authMessage = "";
  #serverKey: Buffer = Buffer.alloc(0);

  constructor(password: string, nonce = randomBytes(nonceBytes).toString("base64")) {
    this.#password = password;
    this.#nonce = nonce;
  }

  first(): string {
    return `n,,${this.#bare()}`;
  }

  /** @throws Error when the server's message cannot be honest */
  async final(serverFirst: string): Promise<string> {
    const parts = /^r=([^,]+),s=([A-Za-z0-9+/=]+),i=(\d+)$/.exec(serverFirst);
    const [, nonce = "", salt = "", iterationsText = ""] = parts ?? [];
    const iterations = Number(iterationsText);
    const sound = nonce.startsWith(this.#nonce) && nonce.length > this.#nonce.length && iterations >= 1;
    if (!sound || iterations > iterationsMax) throw new Error("the upstream sent a malformed SCRAM message");
    const password = await saltedPassword(this.#password, salt, iterations);
    const withoutProof = `c=biws,r=${nonce}`;
    this.#authMessage = `${this.#bare()},${serverFirst},${withoutProof}`;
    const clientKey = hmac(password, "Client Key");
    const signature = hmac(createHash("sha256").update(clientKey).digest(), this.#authMessage);
    this.#serverKey = hmac(password, "Server Key");
    const proof = Buffer.alloc(keyBytes);
    for (let index = 0; index < keyBytes; index++) proof[index] = clientKey[index]! ^ signature[index]!;
    return `${withoutProof},p=${proof.toString("base64")}`;
  }

  /** True when the server has shown that it knows the password as well. */
  verify(serverFinal: string): boolean {
    const given = Buffer.from(/^v=([A-Za-z0-9+/=]+)$/.exec(serverFinal)?.[1] ?? "", "base64");
    const expected = hmac(this.#serverKey, this.#authMessage);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #bare(): string {
    return `n=,r=${this.#nonce}`;
  }
}

function saltedPassword(password: string, salt: string, iterations: number): Promise<Buffer> {
  const key = createHash("sha256").update(`${iterations}\0${salt}\0${password}`).digest("base64");
  const known = salted.get(key);
  if (known !== undefined) return known;
  if (salted.size >= saltedMax) salted.clear();
  const normal = password.normalize("NFKC");
  const derived = derive(normal, Buffer.from(salt, "base64"), iterations, keyBytes, "sha256");
  salted.set(key, derived);
  derived.catch(() => salted.delete(key));
  return derived;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

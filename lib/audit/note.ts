import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** Signed notes of C2SP (c2sp.org/signed-note) with Ed25519 signatures. */

const ed25519Algorithm = 1;
const keyIdBytes = 4;
const signatureBytes = 64;
const publicKeyBytes = 32;
const seedBytes = 32;
const noteBytesMax = 64 * 1024;
const signaturesMax = 16;
/** DER around a raw Ed25519 key (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

export type NoteVerifier = { name: string; keyId: string; publicKey: KeyObject };
export type NoteSigner = { name: string; keyId: string; privateKey: KeyObject; verifierKey: string };
export type NoteSignature = { name: string; keyId: string; signature: Buffer };
export type SignedNote = { text: string; signatures: NoteSignature[] };

/** First four bytes, as hex, of SHA-256(name, newline, algorithm, public key). */
function keyIdOf(name: string, publicKey: Uint8Array): string {
  const digest = createHash("sha256")
    .update(`${name}\n`)
    .update(Buffer.from([ed25519Algorithm]))
    .update(publicKey);
  return digest.digest("hex").slice(0, keyIdBytes * 2);
}

const isKeyName = (name: string) => name !== "" && !/[\s+]/u.test(name);

/**
 * The two texts of a new key: `PRIVATE+KEY+NAME+ID+…` to be kept secret and `NAME+ID+…` to be given away.
 * @param seed 32 random bytes
 */
export function encodeKeys(name: string, seed: Uint8Array): { signerKey: string; verifierKey: string } {
  if (!isKeyName(name)) throw new RangeError("a key name has no spaces and no plus signs");
  if (seed.length !== seedBytes) throw new RangeError("an Ed25519 seed has 32 bytes");
  const privateKey = privateKeyOf(seed);
  const raw = rawPublicKey(createPublicKey(privateKey));
  const id = keyIdOf(name, raw);
  const encode = (bytes: Uint8Array) => Buffer.concat([Buffer.from([ed25519Algorithm]), bytes]).toString("base64");
  return { signerKey: `PRIVATE+KEY+${name}+${id}+${encode(seed)}`, verifierKey: `${name}+${id}+${encode(raw)}` };
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: "der", type: "spki" }).subarray(spkiPrefix.length);
}

/** Reads `PRIVATE+KEY+…`. Returns null where the text is no such key. */
export function parseSigner(signerKey: string): NoteSigner | null {
  const match = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(signerKey.trim());
  const [, name, keyId, encoded] = match ?? [];
  if (name === undefined || encoded === undefined) return null;
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length !== 1 + seedBytes || bytes[0] !== ed25519Algorithm) return null;
  const seed = bytes.subarray(1);
  const { verifierKey } = encodeKeys(name, seed);
  const verifier = parseVerifier(verifierKey);
  if (verifier === null || verifier.keyId !== keyId) return null;
  return { name, keyId, privateKey: privateKeyOf(seed), verifierKey };
}

/** Reads `NAME+ID+…`. Returns null where the text is no such key or its id does not fit. */
export function parseVerifier(verifierKey: string): NoteVerifier | null {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(verifierKey.trim());
  const [, name, keyId, encoded] = match ?? [];
  if (name === undefined || keyId === undefined || encoded === undefined) return null;
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length !== 1 + publicKeyBytes || bytes[0] !== ed25519Algorithm) return null;
  const raw = bytes.subarray(1);
  if (keyIdOf(name, raw) !== keyId) return null;
  const publicKey = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: "der", type: "spki" });
  return { name, keyId, publicKey };
}

/** @param text ends with a newline and has no other control characters */
export function signNote(text: string, signer: NoteSigner): string {
  if (!isNoteText(text)) throw new RangeError("a note is lines of text, the last one ended");
  const signature = sign(null, Buffer.from(text, "utf8"), signer.privateKey);
  const encoded = Buffer.concat([Buffer.from(signer.keyId, "hex"), signature]).toString("base64");
  return `${text}\n— ${signer.name} ${encoded}\n`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids them
const isNoteText = (text: string) => text.endsWith("\n") && !/[\u0000-\u0009\u000b-\u001f]/.test(text);

/** Splits a note into text and signatures; null where it is malformed. Nothing is verified yet. */
export function parseNote(note: string): SignedNote | null {
  if (Buffer.byteLength(note) > noteBytesMax) return null;
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) return null;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split("\n");
  if (!isNoteText(text) || lines.length > signaturesMax) return null;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const match = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/u.exec(line);
    const [, name, encoded] = match ?? [];
    if (name === undefined || encoded === undefined) return null;
    const bytes = Buffer.from(encoded, "base64");
    if (bytes.length <= keyIdBytes) return null;
    signatures.push({ name, keyId: bytes.toString("hex", 0, keyIdBytes), signature: bytes.subarray(keyIdBytes) });
  }
  return { text, signatures };
}

/**
 * The verified text, or null: malformed, no signature by a known key, or one by a known key that does not fit.
 * Signatures by unknown keys are ignored, as the format demands.
 */
export function openNote(note: string, verifiers: NoteVerifier[]): string | null {
  const parsed = parseNote(note);
  if (parsed === null) return null;
  const text = Buffer.from(parsed.text, "utf8");
  let verified = false;
  for (const { name, keyId, signature } of parsed.signatures) {
    const verifier = verifiers.find((known) => known.name === name && known.keyId === keyId);
    if (verifier === undefined) continue;
    if (signature.length !== signatureBytes || !verify(null, text, verifier.publicKey, signature)) return null;
    verified = true;
  }
  return verified ? parsed.text : null;
}

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

import { AppError } from "@/lib/errors";

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** Keys by id. The first of the setting encrypts, all of them decrypt: that is how a key is rotated. */
export type KeyRing = { current: string; keys: ReadonlyMap<string, Buffer> };

export type KeyRingResult = { ok: true; ring: KeyRing } | { ok: false; fault: string };

/** A sealed value: nonce (12 bytes), ciphertext, tag (16 bytes), and the id of the key that sealed it. */
export type Sealed = { keyId: string; bytes: Buffer };

/** Parses `id:base64[,id2:base64…]`, each key 32 bytes. Faults never repeat the value. */
export function parseKeyRing(value: string): KeyRingResult {
  const keys = new Map<string, Buffer>();
  let current: string | undefined;
  for (const part of value.split(",").map((entry) => entry.trim())) {
    const colon = part.indexOf(":");
    const id = colon < 0 ? "" : part.slice(0, colon);
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id)) {
      return { ok: false, fault: "must be id:base64[,id:base64…] with ids of letters, digits, _ and -" };
    }
    const key = Buffer.from(part.slice(colon + 1), "base64");
    if (key.length !== keyBytes) return { ok: false, fault: `must hold ${keyBytes} bytes of base64 for key ${id}` };
    if (keys.has(id)) return { ok: false, fault: `names key ${id} twice` };
    keys.set(id, key);
    current ??= id;
  }
  if (current === undefined) return { ok: false, fault: "must hold at least one key" };
  return { ok: true, ring: { current, keys } };
}

/** A key ring of one new random key, in the form of the setting. */
export function generateKeyRing(id = "k1"): string {
  return `${id}:${randomBytes(keyBytes).toString("base64")}`;
}

/**
 * AES-256-GCM with a fresh nonce under the ring's current key. `purpose` names the row and column that the value
 * belongs to and is authenticated with it, so that a sealed value cannot be moved to another row.
 */
export function seal(ring: KeyRing, plain: string, purpose: string): Sealed {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keyOf(ring, ring.current), nonce);
  cipher.setAAD(Buffer.from(`${ring.current}\0${purpose}`, "utf8"));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return { keyId: ring.current, bytes: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
}

/**
 * Opens what `seal` made for the same purpose.
 * @throws AppError("unavailable") where the key is unknown or the value was altered or moved.
 */
export function open(ring: KeyRing, sealed: Sealed, purpose: string): string {
  const { bytes, keyId } = sealed;
  if (bytes.length < nonceBytes + tagBytes)
    throw new AppError("unavailable", `a sealed value is too short (${purpose})`);
  const decipher = createDecipheriv("aes-256-gcm", keyOf(ring, keyId), bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(`${keyId}\0${purpose}`, "utf8"));
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  try {
    const body = decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes));
    return Buffer.concat([body, decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new AppError("unavailable", `a sealed value does not open: altered, moved or another key (${purpose})`, {
      cause,
    });
  }
}

function keyOf(ring: KeyRing, id: string): Buffer {
  const key = ring.keys.get(id);
  if (key === undefined) {
    throw new AppError("unavailable", `COUNTERSIGN_KEY has no key named ${id}, which sealed a stored value`);
  }
  return key;
}

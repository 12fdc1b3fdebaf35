import { createHash } from "node:crypto";

/** DER of OIDs of signature algorithms, hex, with the hash that tls-server-end-point takes (RFC 5929 §4.1). */
const hashBySignature: Record<string, string> = {
  "2a864886f70d010104": "sha256", // md5WithRSA
  "2a864886f70d010105": "sha256", // sha1WithRSA
  "2a864886f70d01010b": "sha256",
  "2a864886f70d01010c": "sha384",
  "2a864886f70d01010d": "sha512",
  "2a8648ce3d0401": "sha256", // ecdsa with SHA-1
  "2a8648ce3d040302": "sha256",
  "2a8648ce3d040303": "sha384",
  "2a8648ce3d040304": "sha512",
};

const sequenceTag = 0x30;
const oidTag = 0x06;

/**
 * Channel binding data of a server certificate in DER, or null where its signature names no single hash (Ed25519,
 * RSA-PSS): SCRAM-SHA-256-PLUS is not offered then.
 */
export function serverEndPoint(certificate: Buffer): Buffer | null {
  const outer = element(certificate, 0);
  if (outer?.tag !== sequenceTag) return null;
  const signed = element(certificate, outer.from);
  if (signed === null) return null;
  const algorithm = element(certificate, signed.to);
  if (algorithm?.tag !== sequenceTag) return null;
  const oid = element(certificate, algorithm.from);
  if (oid?.tag !== oidTag) return null;
  const hash = hashBySignature[certificate.subarray(oid.from, oid.to).toString("hex")];
  return hash === undefined ? null : createHash(hash).update(certificate).digest();
}

type Element = { tag: number; from: number; to: number };

function element(der: Buffer, offset: number): Element | null {
  const tag = der[offset];
  const first = der[offset + 1];
  if (tag === undefined || first === undefined) return null;
  if (first < 0x80) return within(der, { tag, from: offset + 2, to: offset + 2 + first });
  const count = first & 0x7f;
  if (count === 0 || count > 4 || offset + 2 + count > der.length) return null;
  const length = der.readUIntBE(offset + 2, count);
  return within(der, { tag, from: offset + 2 + count, to: offset + 2 + count + length });
}

function within(der: Buffer, found: Element): Element | null {
  return found.to <= der.length ? found : null;
}

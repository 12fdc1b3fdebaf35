import { describe, expect, it } from "vitest";
import { checkpointTime, openCheckpoint, parseCheckpoint, signCheckpoint } from "./checkpoint";
import { encodeKeys, openNote, parseNote, parseSigner, parseVerifier, signNote } from "./note";

/** The published example of the format. */
const signerKey = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const verifierKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

const signer = parseSigner(signerKey)!;
const verifier = parseVerifier(verifierKey)!;

describe("signed notes", () => {
  it("open and sign the published example to the byte", () => {
    expect(openNote(note, [verifier])).toBe(text);
    expect(signNote(text, signer)).toBe(note);
    expect(signer.verifierKey).toBe(verifierKey);
  });

  it("encode a new key that signs what its public half opens", () => {
    const keys = encodeKeys("example.org/log", Buffer.alloc(32, 7));
    const signed = signNote("hello\n", parseSigner(keys.signerKey)!);
    expect(openNote(signed, [parseVerifier(keys.verifierKey)!])).toBe("hello\n");
    expect(openNote(signed, [verifier])).toBeNull();
  });

  it("ignore signatures by unknown keys and refuse a wrong one by a known key", () => {
    const stranger = `— somebody ${Buffer.alloc(68, 1).toString("base64")}\n`;
    expect(openNote(note + stranger, [verifier])).toBe(text);
    expect(openNote(note.replace("you think", "we think"), [verifier])).toBeNull();
  });

  it.each([
    ["no signature block", text],
    ["no final newline", note.slice(0, -1)],
    ["a hyphen in place of the dash", note.replace("—", "-")],
    ["a control character", note.replace("think", "thi\tnk")],
    ["a signature that is too short", `${text}\n— PeterNeumann x08g\n`],
    ["more than 64 kB", `${"x".repeat(70_000)}\n${note}`],
  ])("refuse a note with %s", (_, bad) => {
    expect(openNote(bad, [verifier])).toBeNull();
  });

  it.each(["", "x+00000000+AA==", verifierKey.replace("c74f20a3", "c74f20a4"), signerKey])(
    "refuse %j as a verifier key",
    (key) => {
      expect(parseVerifier(key)).toBeNull();
    },
  );

  it("refuse a signer key whose id belongs to another key", () => {
    expect(parseSigner(signerKey.replace("c74f20a3", "c74f20a4"))).toBeNull();
    expect(parseSigner(verifierKey)).toBeNull();
  });

  it("keep every signature apart", () => {
    expect(parseNote(note)?.signatures).toHaveLength(1);
  });
});

describe("checkpoints", () => {
  const root = Buffer.alloc(32, 9);
  const at = "2026-01-02T03:04:05.678Z";

  it("carry origin, size, root and time under the signature", () => {
    const opened = openCheckpoint(signCheckpoint({ size: 42, root, at }, signer), [verifier]);
    expect(opened).toMatchObject({ origin: "PeterNeumann", size: 42 });
    expect(opened?.root.equals(root)).toBe(true);
    expect(checkpointTime(opened!)).toBe(at);
  });

  it.each([
    ["a leading zero", `log\n042\n${root.toString("base64")}\n`],
    ["a negative size", `log\n-1\n${root.toString("base64")}\n`],
    ["a size beyond 2^53", `log\n99999999999999999\n${root.toString("base64")}\n`],
    ["a short root", "log\n1\nAAAA\n"],
    ["no origin", `\n1\n${root.toString("base64")}\n`],
    ["an empty extension", `log\n1\n${root.toString("base64")}\n\n`],
  ])("refuse %s", (_, bad) => {
    expect(parseCheckpoint(bad)).toBeNull();
  });
});

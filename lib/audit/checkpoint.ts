import { hashBytes } from "./merkle";
import { type NoteSigner, type NoteVerifier, openNote, signNote } from "./note";

/** Checkpoints of C2SP (c2sp.org/tlog-checkpoint): the signed head of the log. */

export type Checkpoint = { origin: string; size: number; root: Buffer; extensions: string[] };

/** Extension line with the time of signing, so that a checkpoint of an unchanged log still shows its day. */
const timeExtension = "time ";

export type CheckpointFields = { size: number; root: Uint8Array; at: string };

/** The text that is signed; its origin is the name of the key. */
export function signCheckpoint({ size, root, at }: CheckpointFields, signer: NoteSigner): string {
  const encoded = Buffer.from(root).toString("base64");
  return signNote(`${signer.name}\n${size}\n${encoded}\n${timeExtension}${at}\n`, signer);
}

/** A verified checkpoint, or null. */
export function openCheckpoint(note: string, verifiers: NoteVerifier[]): Checkpoint | null {
  const text = openNote(note, verifiers);
  return text === null ? null : parseCheckpoint(text);
}

/** Reads the text of a checkpoint, which must have been verified before it is believed. */
export function parseCheckpoint(text: string): Checkpoint | null {
  if (!text.endsWith("\n")) return null;
  const [origin, decimalSize, encodedRoot, ...extensions] = text.slice(0, -1).split("\n");
  if (origin === undefined || origin === "" || !/^(0|[1-9]\d*)$/.test(decimalSize ?? "")) return null;
  const size = Number(decimalSize);
  const root = Buffer.from(encodedRoot ?? "", "base64");
  if (!Number.isSafeInteger(size) || root.length !== hashBytes || root.toString("base64") !== encodedRoot) return null;
  if (extensions.some((line) => line === "")) return null;
  return { origin, size, root, extensions };
}

/** When it was signed, as the signer said; null where it did not say. */
export function checkpointTime(checkpoint: Checkpoint): string | null {
  return checkpoint.extensions.find((line) => line.startsWith(timeExtension))?.slice(timeExtension.length) ?? null;
}

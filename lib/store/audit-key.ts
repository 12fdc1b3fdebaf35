import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeKeys, type NoteSigner, type NoteVerifier, parseSigner, parseVerifier } from "@/lib/audit/note";
import { AppError, errorCodeOf } from "@/lib/errors";

/**
 * The key that signs the log's checkpoints: `keys/log.key` (secret) and `keys/log.pub` (to be given to auditors) below
 * COUNTERSIGN_HOME. Older public keys stay in `log.pub`, one per line, so that older checkpoints stay verifiable.
 */

const keyPath = (home: string) => join(home, "keys", "log.key");
const publicPath = (home: string) => join(home, "keys", "log.pub");

/** Makes the key at set-up; does nothing where there is one. The log's name is random, so that no two logs share it. */
export async function ensureLogKey(home: string): Promise<void> {
  const { signerKey, verifierKey } = encodeKeys(`countersign-log-${randomBytes(8).toString("hex")}`, randomBytes(32));
  await mkdir(join(home, "keys"), { recursive: true, mode: 0o700 });
  try {
    await writeFile(keyPath(home), `${signerKey}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (errorCodeOf(error) !== "EEXIST") throw error;
    // A run that was killed between the two files left the public one out.
    await writeIfMissing(publicPath(home), `${(await readLogKey(home)).verifierKey}\n`);
    return;
  }
  await writeIfMissing(publicPath(home), `${verifierKey}\n`);
}

async function writeIfMissing(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o644, flag: "wx" }).catch((error: unknown) => {
    if (errorCodeOf(error) !== "EEXIST") throw error;
  });
}

/** @throws AppError "not_found" or "invalid", naming the file */
export async function readLogKey(home: string): Promise<NoteSigner> {
  const signer = parseSigner(await readText(keyPath(home)));
  if (signer === null) throw new AppError("invalid", `${keyPath(home)} holds no key that signs checkpoints`);
  return signer;
}

/** Every public key under which checkpoints of this log are believed. @throws as `readLogKey` */
export async function readLogVerifiers(home: string): Promise<NoteVerifier[]> {
  const lines = (await readText(publicPath(home))).split("\n").filter((line) => line.trim() !== "");
  const verifiers = lines.map(parseVerifier).filter((verifier) => verifier !== null);
  if (verifiers.length !== lines.length || lines.length === 0) {
    throw new AppError("invalid", `${publicPath(home)} holds a line that is no public key`);
  }
  return verifiers;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") throw new AppError("not_found", `${path} does not exist`);
    throw error;
  }
}

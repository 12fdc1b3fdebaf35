import { mkdir, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errorCodeOf } from "@/lib/errors";

/** Checkpoints outside of the database: one file a day below COUNTERSIGN_HOME/checkpoints, one JSON line each. */

const line = z.object({ at: z.string(), size: z.number().int().nonnegative(), note: z.string() });
export type KeptCheckpoint = z.infer<typeof line>;

const pattern = /^\d{4}-\d\d-\d\d\.jsonl$/;
export const checkpointsFolder = (home: string) => join(home, "checkpoints");

/** Appends and syncs: a checkpoint that is known to the database is always known here too. */
export async function keepCheckpoint(home: string, checkpoint: KeptCheckpoint): Promise<void> {
  const folder = checkpointsFolder(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(join(folder, `${checkpoint.at.slice(0, 10)}.jsonl`), "a", 0o600);
  try {
    // A line that a crash cut off must not swallow this one; empty lines are passed over.
    await file.appendFile(`\n${JSON.stringify(checkpoint)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** All checkpoints that are kept, oldest first. Lines that were cut off by a crash are left out. */
export async function readKeptCheckpoints(home: string): Promise<KeptCheckpoint[]> {
  const kept: KeptCheckpoint[] = [];
  for (const name of await fileNames(home)) kept.push(...(await readLines(home, name)));
  return kept;
}

/** The one that was kept last; null where there is none yet. */
export async function lastKeptCheckpoint(home: string): Promise<KeptCheckpoint | null> {
  for (const name of (await fileNames(home)).reverse()) {
    const last = (await readLines(home, name)).at(-1);
    if (last !== undefined) return last;
  }
  return null;
}

async function fileNames(home: string): Promise<string[]> {
  try {
    return (await readdir(checkpointsFolder(home))).filter((name) => pattern.test(name)).sort();
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return [];
    throw error;
  }
}

async function readLines(home: string, name: string): Promise<KeptCheckpoint[]> {
  const text = await readFile(join(checkpointsFolder(home), name), "utf8");
  return text.split("\n").flatMap((row) => {
    try {
      return [line.parse(JSON.parse(row))];
    } catch {
      return [];
    }
  });
}

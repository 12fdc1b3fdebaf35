import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError, messageOf } from "@/lib/errors";
import { type HomeSettings, homeSettingsSchema, newSettings } from "./home-settings";
import { processIdentity } from "./process-identity";

/** The folder that one installation keeps everything in, held by this process until `release`. */
export type Home = {
  folder: string;
  settings: HomeSettings;
  /** Keeps changes of `settings`, whole or not at all. */
  save(): void;
  release(): void;
  path(...parts: string[]): string;
};

const privateFile = 0o600;
const privateFolder = 0o700;

/**
 * Opens or makes the home. Nothing is ever deleted here.
 * @throws AppError("invalid") in one line that names the cause and the way out: in use, damaged, not a folder.
 */
export function openHome(place: string): Home {
  const folder = resolve(place);
  makeFolder(folder, place);
  const release = takeLock(folder, place);
  try {
    const settings = readSettings(folder, place);
    const save = (): void => writePrivately(join(folder, "settings.json"), JSON.stringify(settings, null, 2));
    save();
    return { folder, settings, save, release, path: (...parts) => join(folder, ...parts) };
  } catch (error) {
    release();
    throw error;
  }
}

/** The error for a home whose contents do not fit together. */
export function damagedHome(folder: string, what: string): AppError {
  let aside = `${folder}.damaged`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${folder}.damaged-${n}`;
  return new AppError(
    "invalid",
    `${folder} is damaged (${what}): move it aside with \`mv '${folder}' '${aside}'\` and start again; nothing was deleted`,
  );
}

/** Writes beside the file and renames, so that a reader never sees half of it. */
export function writePrivately(file: string, text: string): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text, { mode: privateFile });
  renameSync(partial, file);
}

function makeFolder(folder: string, place: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: privateFolder });
    if (!statSync(folder).isDirectory()) throw new Error("it is not a folder");
  } catch (error) {
    const message = `COUNTERSIGN_HOME=${place} cannot be used (${messageOf(error)}): name a folder that may be written to`;
    throw new AppError("invalid", message);
  }
}

function readSettings(folder: string, place: string): HomeSettings {
  const file = join(folder, "settings.json");
  const cluster = join(folder, "postgres");
  if (!existsSync(file)) {
    if (existsSync(cluster)) throw damagedHome(place, "a database, but no settings.json with its keys");
    return newSettings();
  }
  let settings: HomeSettings;
  try {
    settings = homeSettingsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw damagedHome(place, "settings.json cannot be read");
  }
  const present = existsSync(join(cluster, "PG_VERSION")) || existsSync(`${cluster}.place`);
  if (settings.clusterMade && !present) throw damagedHome(place, "the database's files are missing");
  return settings;
}

/** The lock names its holder by pid and start time: a pid alone may have been given to another program since. */
function takeLock(folder: string, place: string): () => void {
  const file = join(folder, "lock");
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: "wx", mode: privateFile });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error) || error.code !== "EEXIST") {
        throw new AppError("invalid", `COUNTERSIGN_HOME=${place} cannot be written to: ${messageOf(error)}`);
      }
    }
    const holder = readHolder(file);
    if (holder !== null) {
      const wayOut = `stop it (Ctrl-C there, or \`kill ${holder}\`) or start with another folder in COUNTERSIGN_HOME`;
      throw new AppError("invalid", `${place} is in use by process ${holder}: ${wayOut}`);
    }
    rmSync(file, { force: true });
  }
}

/** The pid of the live process that holds the lock; null for a lock that a killed run left behind. */
function readHolder(file: string): number | null {
  try {
    const { pid, identity } = JSON.parse(readFileSync(file, "utf8")) as { pid: number; identity: string | null };
    const now = processIdentity(pid);
    return now !== null && now === identity ? pid : null;
  } catch {
    return null;
  }
}

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const leftoverStopMsMax = 20_000;
const pollMs = 20;

export type PostmasterFile = { pid: number; port: number; ready: boolean };

/** What a server says about itself in `postmaster.pid` (PostgreSQL: miscadmin.h, LOCK_FILE_LINE_*); null if there is none. */
export function readPostmasterFile(cluster: string): PostmasterFile | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3] ?? 0), ready: (lines[7] ?? "").trim() === "ready" };
}

/**
 * Stops the server that a killed run left on the cluster, so that a new one can start. A pid that meanwhile belongs
 * to something else is left alone and only the stale file goes.
 */
export async function clearLeftover(cluster: string): Promise<void> {
  const left = readPostmasterFile(cluster);
  if (!left) return;
  if (isPostgres(left.pid, cluster)) {
    send(left.pid, "SIGINT");
    const deadline = Date.now() + leftoverStopMsMax;
    while (isPostgres(left.pid, cluster)) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL (pid ${left.pid}) of an earlier run does not stop`);
      await sleep(pollMs);
    }
  }
  if (existsSync(join(cluster, "postmaster.pid"))) rmSync(join(cluster, "postmaster.pid"), { force: true });
}

function isPostgres(pid: number, cluster: string): boolean {
  const command =
    process.platform === "linux" ? readCommandLine(pid) : spawnSync("ps", ["-o", "command=", "-p", String(pid)]).stdout;
  return command.includes("postgres") && command.includes(cluster);
}

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself
  }
}

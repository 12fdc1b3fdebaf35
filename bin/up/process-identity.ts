import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const startTimeField = 19; // proc(5): field 22 of /proc/PID/stat, counted from behind the command's closing bracket

/** Something that only this life of the pid has: when it started. Null where no such process runs. */
export function processIdentity(pid: number): string | null {
  if (process.platform !== "linux") {
    return spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim() || null;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[startTimeField] ?? null;
  } catch {
    return null;
  }
}

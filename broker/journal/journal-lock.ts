import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AppError, errorCodeOf } from "@/lib/errors";

const attemptsMax = 3;

/**
 * Makes this process the only writer of a journal. The lock names process id and, where the system tells it, the
 * time that process began, so that a lock left by a killed broker is recognised even after its id was given away.
 * Returns the function that releases it.
 * @throws AppError "conflict" when another live process holds it
 */
export function lockJournal(dir: string): () => void {
  const path = join(dir, "lock");
  const mine = `${process.pid} ${startTimeOf(process.pid)}`;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      const fd = openSync(path, "wx", 0o600);
      writeSync(fd, mine);
      closeSync(fd);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (errorCodeOf(error) !== "EEXIST") throw error;
    }
    const holder = readHolder(path);
    if (holder !== null && isAlive(holder)) {
      throw new AppError("conflict", `another broker (process ${holder.pid}) writes the journal in ${dir}`);
    }
    rmSync(path, { force: true });
  }
  throw new AppError("conflict", `the journal in ${dir} could not be locked`);
}

type Holder = { pid: number; startTime: string };

function readHolder(path: string): Holder | null {
  try {
    const [pid, startTime] = readFileSync(path, "utf8").split(" ");
    return /^\d+$/.test(pid ?? "") ? { pid: Number(pid), startTime: startTime ?? "" } : null;
  } catch {
    return null;
  }
}

function isAlive({ pid, startTime }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCodeOf(error) !== "EPERM") return false;
  }
  return startTimeOf(pid) === startTime;
}

/** Clock ticks since boot at which a process began (proc(5), field 22); empty where the system has no /proc. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces and parentheses; the state follows the last of them.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // A zombie no longer writes; its parent has merely not noticed.
    return fields[0] === "Z" ? "" : `${bootId}/${fields[19]}`;
  } catch {
    return "";
  }
}

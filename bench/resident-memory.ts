import { readdirSync, readFileSync } from "node:fs";

const sampleMs = 200;
const kibibytesPerMebibyte = 1_024;

export type MemorySampler = { stop(): { peakMebibytes: number } };

/** The process of the given parent whose command line contains `part` (Linux); null elsewhere or when there is none. */
export function findChild(parent: number, part: string): number | null {
  if (process.platform !== "linux") return null;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parentOf = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
      if (Number(parentOf) === parent && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(part))
        return Number(name);
    } catch {
      // it ended meanwhile
    }
  }
  return null;
}

/** Samples resident memory until stopped. */
export function sampleMemory(pid: number): MemorySampler {
  let peak = 0;
  const look = (): void => {
    try {
      const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      peak = Math.max(peak, Number(resident ?? 0));
    } catch {
      // it ended
    }
  };
  look();
  const timer = setInterval(look, sampleMs);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return { peakMebibytes: Math.round(peak / kibibytesPerMebibyte) };
    },
  };
}

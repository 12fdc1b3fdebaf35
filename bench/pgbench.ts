import { spawn, spawnSync } from "node:child_process";

const runMsExtra = 60_000;

export type PgbenchResult = { transactionsPerSecond: number; latencyMs: number; failed: number };
export type PgbenchRun = { url: string; mode: "simple" | "prepared"; clients: number; seconds: number };

export function hasPgbench(): boolean {
  return spawnSync("pgbench", ["--version"]).status === 0;
}

/** Makes pgbench's tables at the given scale; 100,000 accounts each. */
export function initialisePgbench(url: string, scale: number): void {
  const done = spawnSync("pgbench", ["-i", "-q", "-s", String(scale), url], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`pgbench -i failed: ${done.stderr}`);
}

/** One read-only run (`-S`). @throws Error with what pgbench said */
export async function runPgbench({ url, mode, clients, seconds }: PgbenchRun): Promise<PgbenchResult> {
  const args = ["-n", "-S", "-M", mode, "-c", String(clients), "-j", "2", "-T", String(seconds), url];
  const child = spawn("pgbench", args, { stdio: ["ignore", "pipe", "pipe"], timeout: seconds * 1_000 + runMsExtra });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += String(chunk);
    });
  }
  const code = await new Promise((resolve) => child.once("close", resolve));
  const figure = (pattern: RegExp): number => Number(pattern.exec(said)?.[1] ?? Number.NaN);
  const transactionsPerSecond = figure(/tps = ([\d.]+) \(without/);
  if (code !== 0 || Number.isNaN(transactionsPerSecond))
    throw new Error(`pgbench ${args.slice(0, -1).join(" ")}: ${said.trim()}`);
  return {
    transactionsPerSecond,
    latencyMs: figure(/latency average = ([\d.]+)/),
    failed: figure(/failed transactions: (\d+)/),
  };
}

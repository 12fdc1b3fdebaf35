import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { DemoFile } from "@/demo/demo-file";
import { childEnv } from "@/lib/env";
import { messageOf } from "@/lib/errors";
import { packageRoot } from "@/lib/package-root";
import { hasPgbench, initialisePgbench, type PgbenchResult, runPgbench } from "./pgbench";
import { startPgBouncer } from "./pgbouncer";
import { findChild, sampleMemory } from "./resident-memory";

const scale = 5;
const warmUpSeconds = 2;

export type Comparison = {
  demo: DemoFile;
  home: string;
  /** of a principal whose reads no budget limits */
  dsn: string;
  seconds: number;
  clients: number[];
};

type Way = { name: string; url: string };

/** pgbench -S directly, through PgBouncer where it is installed, and through the broker with everything on. Markdown lines. */
export async function compareThroughput({ demo, home, dsn, seconds, clients }: Comparison): Promise<string[]> {
  if (!hasPgbench()) return ["pgbench is not installed: no throughput was measured."];
  initialisePgbench(demo.upstream, scale);
  syncCatalog(home);
  const bouncer = await startPgBouncer(demo.upstream);
  const ways: Way[] = [
    { name: "direct", url: demo.upstream },
    ...(bouncer ? [{ name: "PgBouncer, session mode", url: bouncer.url }] : []),
    { name: "broker", url: dsn },
  ];
  const lines = [
    "| pgbench -S | clients | direct | PgBouncer | broker | broker / PgBouncer |",
    "|---|---|---|---|---|---|",
  ];
  const broker = findChild(demo.pid, "dist/broker.js");
  const memory = broker === null ? null : sampleMemory(broker);
  try {
    for (const mode of ["simple", "prepared"] as const) {
      for (const count of clients) {
        const results = new Map<string, PgbenchResult | string>();
        for (const { name, url } of ways) results.set(name, await measure({ url, mode, clients: count, seconds }));
        lines.push(row({ mode, clients: count, results }));
      }
    }
  } finally {
    await bouncer?.stop();
  }
  if (memory) lines.push("", `Broker's resident memory under this load: at most ${memory.stop().peakMebibytes} MiB.`);
  if (!bouncer) lines.push("", "PgBouncer is not installed: not measured.");
  return lines;
}

async function measure(run: Parameters<typeof runPgbench>[0]): Promise<PgbenchResult | string> {
  try {
    await runPgbench({ ...run, seconds: warmUpSeconds });
    return await runPgbench(run);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return "failed";
  }
}

type Row = { mode: string; clients: number; results: Map<string, PgbenchResult | string> };

function row({ mode, clients, results }: Row): string {
  const [direct, bouncer, broker] = ["direct", "PgBouncer, session mode", "broker"].map((name) => results.get(name));
  const show = (result: PgbenchResult | string | undefined): string => {
    if (result === undefined) return "–";
    return typeof result === "string"
      ? result
      : `${Math.round(result.transactionsPerSecond)} tps, ${result.latencyMs.toFixed(2)} ms`;
  };
  const comparable = typeof bouncer === "object" && typeof broker === "object";
  const ratio = comparable ? (broker.transactionsPerSecond / bouncer.transactionsPerSecond).toFixed(2) : "–";
  return `| ${mode} | ${clients} | ${show(direct)} | ${show(bouncer)} | ${show(broker)} | ${ratio} |`;
}

/** The tables are new to the broker; it reads the catalog again before it can resolve them. */
function syncCatalog(home: string): void {
  const done = spawnSync(process.execPath, [join(packageRoot(), "dist/countersign.js"), "database", "sync", "shop"], {
    env: childEnv({ COUNTERSIGN_HOME: home, DATABASE_URL: undefined }) as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`database sync failed: ${done.stderr}`);
}

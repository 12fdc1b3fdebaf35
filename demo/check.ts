import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@/lib/errors";
import { launchDemo, type RunningDemo, removeHome } from "./launch-demo";
import { type JobState, mainJob } from "./main-job";

// `npm run demo -- --check`: the demo on free ports in a temporary home, the main job once, and everything gone again.

let running: RunningDemo | undefined;
let failed = false;
const stopAndLeave = (): void => {
  void running?.discard().finally(() => process.exit(1));
  if (!running) process.exit(1);
};
process.on("SIGINT", stopAndLeave).on("SIGTERM", stopAndLeave);

const home = mkdtempSync(join(tmpdir(), "countersign-check-"));
try {
  running = await timed(
    "everything started on free ports",
    async () => {
      running = await launchDemo(home);
      return running;
    },
    ({ demo }) => demo.console,
  );
  const state: JobState = { demo: running.demo, home };
  for (const { label, run } of mainJob)
    await timed(
      label,
      () => run(state),
      (result) => result,
    );
} catch (error) {
  failed = true;
  process.stdout.write(`✘ ${messageOf(error)}\n`);
  process.stdout.write(logTails());
  if (!running) removeHome(home);
}
if (running) {
  const stopping = running;
  try {
    await timed(
      "everything stopped",
      async () => {
        const code = await stopping.discard();
        const left = processesLeft();
        if (code !== 0 || left.length > 0)
          throw new Error(`exit code ${code}, processes left: ${left.join(", ") || "none"}`);
      },
      () => "no process is left",
    );
  } catch (error) {
    failed = true;
    process.stdout.write(`✘ ${messageOf(error)}\n`);
  }
}
process.stdout.write(failed ? "The main job did NOT work.\n" : "The main job works.\n");
process.exit(failed ? 1 : 0);

async function timed<Result>(
  label: string,
  work: () => Promise<Result>,
  describe: (result: Result) => string,
): Promise<Result> {
  const started = performance.now();
  try {
    const result = await work();
    const seconds = ((performance.now() - started) / 1_000).toFixed(2);
    process.stdout.write(`✔ ${label} — ${describe(result)} (${seconds} s)\n`);
    return result;
  } catch (error) {
    throw new Error(`${label}: ${messageOf(error)}`, { cause: error });
  }
}

/** The ends of the processes' logs, because the home goes away with them. */
function logTails(): string {
  const folder = join(home, "logs");
  if (!existsSync(folder)) return "";
  return readdirSync(folder)
    .map((name) => `── ${name}\n${readFileSync(join(folder, name), "utf8").trim().split("\n").slice(-15).join("\n")}\n`)
    .join("");
}

/** Processes whose command line or environment names the home (Linux; elsewhere none can be seen this way). */
function processesLeft(): string[] {
  if (process.platform !== "linux") return [];
  const mine = String(process.pid);
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === mine) return false;
    try {
      return ["cmdline", "environ"].some((file) => readFileSync(`/proc/${pid}/${file}`, "latin1").includes(home));
    } catch {
      return false;
    }
  });
}

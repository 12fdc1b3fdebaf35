import { mkdtempSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { signIn } from "@/demo/browser-session";
import { principalOf } from "@/demo/demo-file";
import { launchDemo, type RunningDemo, removeHome } from "@/demo/launch-demo";
import { measureFeed, measureRelease } from "@/demo/main-job";
import { compareThroughput } from "./throughput";

// `npm run bench -- [--seconds N] [--clients A,B,…]`: everything side by side in one run, as Markdown on standard output.

const secondsDefault = 10;
const home = mkdtempSync(join(tmpdir(), "countersign-bench-"));
let running: RunningDemo | undefined;

try {
  const first = performance.now();
  running = await launchDemo(home);
  const firstSeconds = (performance.now() - first) / 1_000;
  await running.stop();
  const second = performance.now();
  running = await launchDemo(home);
  const secondSeconds = (performance.now() - second) / 1_000;
  const { demo } = running;

  print(
    `Measured on ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}\n`,
  );
  print("| what | measured |\n|---|---|");
  print(`| first start of the demo, built | ${firstSeconds.toFixed(1)} s |`);
  print(`| second start of the demo | ${secondSeconds.toFixed(1)} s |`);
  const reviewer = demo.people.find(({ groups }) => groups.includes("security"));
  const state = { demo, home, reviewer: await signIn(demo.console, reviewer?.email ?? "") };
  print(`| approval to result at the client | ${await measureRelease(state)} |`);
  print(`| end of a statement to the feed | ${await measureFeed(state)} |\n`);

  const person = demo.people.find(({ role }) => role === "requester");
  for (const line of await compareThroughput({
    demo,
    home,
    dsn: principalOf(demo, person?.email ?? "").dsn,
    seconds: Number(option("--seconds") ?? secondsDefault),
    clients: (option("--clients") ?? "8").split(",").map(Number),
  })) {
    print(line);
  }
} finally {
  if (running) await running.discard();
  else removeHome(home);
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

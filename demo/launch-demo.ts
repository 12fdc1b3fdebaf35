import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { childEnv } from "@/lib/env";
import { packageRoot } from "@/lib/package-root";
import { removeCluster } from "@/lib/upstream/postgres-account";
import { type DemoFile, demoFileSchema } from "./demo-file";

const startMsMax = 180_000;
const pollMs = 50;
const outputBytesMax = 32 * 1024;

export type RunningDemo = {
  demo: DemoFile;
  home: string;
  /** Asks it to stop, as Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Stops it and removes its home, wherever the database's files lie. */
  discard(): Promise<number | null>;
};

/**
 * Starts `countersign up` in a process of its own on free ports and waits until everything answers. The build must be
 * there. It ends with this process, however that ends.
 * @param settings changes of the environment, e.g. `{ REDIS_URL: "redis://…" }`
 * @throws Error with what it said when it does not start
 */
export async function launchDemo(home: string, settings: Record<string, string> = {}): Promise<RunningDemo> {
  const root = packageRoot();
  const leash = pathToFileURL(join(root, "bin/follow-parent.mjs")).href;
  const child = spawn(process.execPath, ["--import", leash, join(root, "dist/countersign.js"), "up"], {
    cwd: root,
    env: childEnv({
      COUNTERSIGN_HOME: home,
      CONSOLE_PORT: "0",
      BROKER_PORT: "0",
      CONSOLE_URL: undefined,
      ...settings,
    }) as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  const keep = (chunk: Buffer): void => {
    said = (said + String(chunk)).slice(-outputBytesMax);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const file = join(home, "demo.json");
  const deadline = Date.now() + startMsMax;
  while (!existsSync(file)) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill("SIGTERM");
      await ended;
      throw new Error(`the demo did not start:\n${said.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const stop = (): Promise<number | null> => {
    child.kill("SIGTERM");
    return ended;
  };
  return {
    demo: demoFileSchema.parse(JSON.parse(readFileSync(file, "utf8"))),
    home,
    stop,
    discard: async () => {
      const code = await stop();
      removeHome(home);
      return code;
    },
  };
}

/** Removes a temporary home, wherever the database's files lie. */
export function removeHome(home: string): void {
  removeCluster(join(home, "postgres"));
  rmSync(home, { recursive: true, force: true });
}

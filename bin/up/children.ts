import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { childEnv } from "@/lib/env";
import { AppError } from "@/lib/errors";

const logBytesMax = 20 * 1024 * 1024;
const tailBytes = 4_096;
const tailLines = 25;
const stopMsMax = 10_000;
const readyMsMax = 60_000;
const readyPollMs = 50;

export type ChildPlan = {
  name: string;
  /** script and arguments for node, relative to `root` */
  args: string[];
  env: Record<string, string | undefined>;
  /** true once it answers; asked again until then */
  answers(): Promise<boolean>;
};

export type Child = {
  name: string;
  /** Resolves with the reason once the process has ended. */
  ended: Promise<string>;
  running(): boolean;
  kill(signal: NodeJS.Signals): void;
  logFile: string;
};

export type ChildPlace = { root: string; logFolder: string };

/**
 * Starts a process of ours. It gets a process group of its own, so that Ctrl-C reaches only us and we stop things in
 * order, and ends by itself when this process dies.
 */
export function startChild(plan: ChildPlan, { root, logFolder }: ChildPlace): Child {
  const logFile = join(logFolder, `${plan.name}.log`);
  const log = openLog(logFile);
  const leash = pathToFileURL(join(root, "bin/follow-parent.mjs")).href;
  const child = spawn(process.execPath, ["--enable-source-maps", "--import", leash, ...plan.args], {
    cwd: root,
    env: childEnv(plan.env) as NodeJS.ProcessEnv,
    stdio: ["pipe", log, log],
    detached: true,
  });
  closeSync(log);
  child.stdin?.on("error", () => {}); // it ended first
  return {
    name: plan.name,
    ended: endOf(child),
    running: () => running(child),
    kill: (signal) => child.kill(signal),
    logFile,
  };
}

/** Waits until the child answers. @throws AppError when it ends before, or takes too long. */
export async function untilAnswers(child: Child, plan: ChildPlan): Promise<void> {
  const deadline = Date.now() + readyMsMax;
  while (!(await plan.answers())) {
    if (!child.running()) throw crashed(child, await child.ended);
    if (Date.now() > deadline) throw crashed(child, `no answer after ${readyMsMax / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, readyPollMs));
  }
}

/** Asks all of them to end, and makes them after a while. */
export async function stopChildren(children: Child[]): Promise<void> {
  for (const child of children) child.kill("SIGTERM");
  const force = setTimeout(() => {
    for (const child of children) child.kill("SIGKILL");
  }, stopMsMax);
  await Promise.all(children.map((child) => child.ended));
  clearTimeout(force);
}

/** The error for a child that is not there any more: which, why and the end of what it said. */
export function crashed(child: Child, why: string): AppError {
  return new AppError("internal", `the ${child.name} ended (${why}); the end of ${child.logFile}:`, {
    faults: logTail(child.logFile),
  });
}

function running(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
}

function openLog(file: string): number {
  try {
    if (statSync(file).size > logBytesMax) rmSync(file);
  } catch {
    // there is none yet
  }
  return openSync(file, "a", 0o600);
}

function logTail(file: string): string[] {
  const log = openSync(file, "r");
  const buffer = Buffer.alloc(tailBytes);
  const from = Math.max(0, statSync(file).size - tailBytes);
  const length = readSync(log, buffer, 0, tailBytes, from);
  closeSync(log);
  return buffer.toString("utf8", 0, length).trim().split("\n").slice(-tailLines);
}

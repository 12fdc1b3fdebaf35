import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Argument, type Command } from "commander";

import { childEnv, env, requireSetting } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { packageRoot } from "@/lib/package-root";
import { brokerFlags } from "../up/processes";
import { explain } from "./run-command";

const parts = ["console", "broker", "workers"] as const;
type Part = (typeof parts)[number];

/** Runs one process in the foreground, for real deployments; its exit code becomes ours. */
export function addServe(program: Command): void {
  program
    .command("serve")
    .description("run one process in the foreground: console, broker or workers")
    .addArgument(new Argument("<part>", "which one").choices([...parts]))
    .action(async (part: Part) => {
      try {
        process.exitCode = await serve(part);
      } catch (error) {
        const { lines, exitCode } = explain(error);
        for (const line of lines) process.stderr.write(`countersign: ${line}\n`);
        process.exitCode = exitCode;
      }
    });
}

async function serve(part: Part): Promise<number> {
  requireSetting("DATABASE_URL");
  const [program, ...args] = argumentsOf(part);
  const path = join(packageRoot(), program);
  if (!existsSync(path)) throw new AppError("invalid", `${path} is missing: build first`);
  const child = spawn(process.execPath, [...(part === "broker" ? brokerFlags : []), path, ...args], {
    cwd: part === "console" ? packageRoot() : process.cwd(),
    stdio: "inherit",
    env: childEnv({ NODE_ENV: env().NODE_ENV }),
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGTERM" || signal === "SIGINT" ? 0 : 1)));
  });
}

function argumentsOf(part: Part): [string, ...string[]] {
  if (part !== "console") return [`dist/${part}.js`];
  const { CONSOLE_HOST, CONSOLE_PORT } = env();
  return ["node_modules/next/dist/bin/next", "start", "-H", CONSOLE_HOST, "-p", String(CONSOLE_PORT)];
}

import { type Command, Option } from "commander";

import { withoutPasswords } from "@/lib/log";
import { explain } from "./run-command";
import { up } from "./up";

/** Everything on this machine in one command; it stays in the foreground. */
export function addUp(program: Command): void {
  program
    .command("up")
    .description("run everything on this machine: database, broker, workers, console")
    .addOption(new Option("--no-seed", "an empty installation, without the demo's people, agents and shop"))
    .addOption(new Option("--json", "print one JSON document when everything answers"))
    .action(async ({ seed, json = false }: { seed: boolean; json?: boolean }) => {
      try {
        process.exitCode = await up({ seed, json });
      } catch (error) {
        const { lines, exitCode } = explain(error);
        for (const line of lines) process.stderr.write(`countersign: ${withoutPasswords(line)}\n`);
        process.exitCode = exitCode;
      }
    });
}

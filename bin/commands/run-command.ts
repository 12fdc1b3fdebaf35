import type { Command, Option } from "commander";

import { closeBus } from "@/lib/bus";
import { closeDb } from "@/lib/db";
import { type AppError, isAppError, isUnreachable, messageOf } from "@/lib/errors";
import { withoutPasswords } from "@/lib/log";
import { adoptLocalInstallation } from "./local-installation";

/** 0 done, 1 the thing asked about is not so, 2 bad input, 3 the store cannot be reached. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a command has to say: one JSON document, or the same for people. */
export type Outcome = { document: unknown; text: string; exitCode?: ExitCode };

export type CommandSpec<Options> = {
  /** `add <name>`, as commander reads it */
  usage: string;
  summary: string;
  options?: Option[];
  /** answers what to print; `json` is for commands that print while they run */
  run(input: { args: string[]; options: Options; json: boolean }): Promise<Outcome>;
};

/** Adds a command with `--json`, which runs against the store and ends the process with the contract's exit codes. */
export function addCommand<Options>(parent: Command, spec: CommandSpec<Options>): void {
  const command = parent.command(spec.usage).description(spec.summary).option("--json", "print one JSON document");
  for (const option of spec.options ?? []) command.addOption(option);
  command.action(async (...parameters: unknown[]) => {
    const invoked = parameters.at(-1) as Command;
    const { json = false, ...options } = invoked.opts<{ json?: boolean }>();
    const args = invoked.processedArgs.filter((arg) => arg !== undefined).map(String);
    process.exitCode = await settle(json, () => spec.run({ args, options: options as Options, json }));
  });
}

/** A command that only groups others. */
export function addGroupCommand(parent: Command, { name, summary }: { name: string; summary: string }): Command {
  return parent.command(name).description(summary);
}

async function settle(json: boolean, run: () => Promise<Outcome>): Promise<ExitCode> {
  try {
    adoptLocalInstallation();
    const { document, text, exitCode = 0 } = await run();
    if (json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else if (text !== "") process.stdout.write(`${text}\n`);
    return exitCode;
  } catch (error) {
    const { lines, exitCode } = explain(error);
    for (const line of lines) process.stderr.write(`countersign: ${withoutPasswords(line)}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ error: lines.map(withoutPasswords) }, null, 2)}\n`);
    return exitCode;
  } finally {
    await Promise.allSettled([closeBus(), closeDb()]);
  }
}

/** One line per fault, and the exit code that an error means. */
export function explain(error: unknown): { lines: string[]; exitCode: ExitCode } {
  if (isUnreachable(error))
    return { lines: [`the governance store cannot be reached: ${rootMessage(error)}`], exitCode: 3 };
  if (isAppError(error)) return { lines: faultLines(error), exitCode: 2 };
  return { lines: [messageOf(error)], exitCode: 2 };
}

function faultLines(error: AppError): string[] {
  return error.faults.length > 0 ? error.faults : [error.message];
}

function rootMessage(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? rootMessage(error.cause) : messageOf(error);
}

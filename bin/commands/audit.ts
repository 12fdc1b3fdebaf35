import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { type Command, Option } from "commander";
import { eventCsvHead, eventCsvLine } from "@/lib/audit/event-csv";
import { env } from "@/lib/env";
import { AppError, messageOf } from "@/lib/errors";
import { verifyStore } from "@/lib/store/audit-verify";
import { type ExportedEvent, readEvents, recordExport } from "@/lib/store/export-events";
import { timeOption } from "./option-values";
import { addCommand, addGroupCommand, type Outcome } from "./run-command";
import { administrator } from "./who";

const formats = ["jsonl", "csv"] as const;
type ExportOptions = { from: Date; to?: Date; format: (typeof formats)[number]; output?: string };

export function addAuditCommands(program: Command): void {
  const audit = addGroupCommand(program, { name: "audit", summary: "the record" });
  addCommand(audit, {
    usage: "verify",
    summary: "recompute the whole log and compare it with every signed checkpoint; exit code 1 where it does not hold",
    async run() {
      const report = await verifyStore({ home: env().COUNTERSIGN_HOME });
      if (report.status === "broken") {
        return { document: report, text: `broken at position ${report.position}: ${report.message}`, exitCode: 1 };
      }
      const { size, signedSize, waiting, root } = report;
      const text = `intact: ${size} events, ${signedSize} of them signed, ${waiting} waiting; root ${root}`;
      return { document: report, text };
    },
  });
  addCommand<ExportOptions>(audit, {
    usage: "export",
    summary: "write the events of a period, in the order of the log",
    options: [
      timeOption("--from <time>", "first moment of the period, UTC").makeOptionMandatory(),
      timeOption("--to <time>", "first moment after the period, UTC; without it, now"),
      new Option("--format <format>", "jsonl: exactly what is hashed, one event a line; csv: a table")
        .choices([...formats])
        .default("jsonl"),
      new Option("--output <file>", "where to write; without it, standard output"),
    ],
    run: ({ options, json }) => exportEvents(options, json),
  });
}

async function exportEvents({ from, to = new Date(), format, output }: ExportOptions, json: boolean): Promise<Outcome> {
  if (json && output === undefined)
    throw new AppError("invalid", "--json needs --output FILE: standard output holds one document");
  if (to <= from) throw new AppError("invalid", "--to must be after --from");
  const by = await administrator("audit.export");
  const file = output === undefined ? process.stdout : await createFile(output);
  const hash = createHash("sha256");
  const write = async (line: string) => {
    hash.update(`${line}\n`);
    if (!file.write(`${line}\n`)) await new Promise<void>((resolve) => file.once("drain", () => resolve()));
  };
  let rows = 0;
  if (format === "csv") await write(eventCsvHead);
  for await (const event of readEvents({ from, to })) {
    await write(format === "csv" ? eventCsvLine(event) : jsonLine(event));
    rows += 1;
  }
  if (output !== undefined) {
    file.end();
    await finished(file);
  }
  const sha256 = hash.digest("hex");
  const filters = { from: from.toISOString(), to: to.toISOString() };
  await recordExport({ format, filters, rows, sha256 }, by);
  const document = { rows, sha256, format, output: output ?? null, ...filters };
  return { document, text: output === undefined ? "" : `${rows} events in ${output}, SHA-256 ${sha256}` };
}

/** An export never replaces a file. @throws AppError("invalid") */
async function createFile(path: string): Promise<WriteStream> {
  const file = createWriteStream(path, { mode: 0o600, flags: "wx" });
  try {
    await once(file, "open");
  } catch (error) {
    throw new AppError("invalid", `${path} cannot be written: ${messageOf(error)}`);
  }
  return file;
}

/** The leaf untouched, behind its place in the log. */
function jsonLine({ position, leaf }: ExportedEvent): string {
  return `{"position":${position},"event":${leaf}}`;
}

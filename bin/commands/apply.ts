import { stat } from "node:fs/promises";
import { type Command, Option } from "commander";

import { AppError } from "@/lib/errors";
import type { BundleFault, BundleFiles } from "@/lib/policy/types";
import { activateBundle, changedNames, checkBundle, readActiveBundle, saveBundle } from "@/lib/store/bundles";
import { readBundleFolder } from "../up/bundle-folder";
import { addCommand, type Outcome } from "./run-command";
import { requirePerson } from "./who";

type ApplyOptions = { dryRun?: boolean; as?: string; note?: string };

export function addApply(program: Command): void {
  addCommand<ApplyOptions>(program, {
    usage: "apply <dir>",
    summary: "make a policy bundle the active version; a bundle with an error changes nothing",
    options: [
      new Option("--dry-run", "check it and say what would change"),
      new Option("--note <text>", "what it is for"),
      new Option("--as <email>", "who you are, beside a demo on this machine"),
    ],
    run: ({ args: [dir = ""], options }) => apply(dir, options),
  });
}

async function apply(dir: string, { dryRun = false, as, note = "" }: ApplyOptions): Promise<Outcome> {
  const person = dryRun ? null : await requirePerson({ as, permission: "policy.activate" });
  const files = await readFolder(dir);
  const faults = await checkBundle(files);
  refuseErrors(faults);
  const active = await readActiveBundle();
  const changed = changedNames(active?.files ?? {}, files);
  const warnings = faults.map(faultLine);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  const common = { changed, warnings, activeVersion: active?.version ?? null };
  if (person === null) {
    const text = changed.length === 0 ? "nothing would change" : `would change ${changed.join(", ")}`;
    return { document: { dryRun: true, ...common }, text };
  }
  if (active !== null && changed.length === 0) {
    return { document: { ...common, version: active.version }, text: `version ${active.version} is active already` };
  }
  const { email, actor } = person;
  const { version } = await saveBundle({ files, note, author: email }, actor);
  const result = await activateBundle({ version, person: email, expectedActive: active?.version ?? null }, actor);
  switch (result.outcome) {
    case "activated":
      return { document: { ...common, version, activeVersion: version }, text: `version ${version} is active` };
    case "invalid":
      refuseErrors(result.faults);
      throw new AppError("invalid", "the bundle does not compile");
    case "stale":
      throw new AppError("conflict", `another version became active meanwhile; version ${version} is kept as a draft`);
  }
}

/** @throws AppError("invalid") for a folder that cannot be read or holds no bundle */
export async function readFolder(dir: string): Promise<BundleFiles> {
  const found = await stat(dir).catch(() => null);
  if (found === null || !found.isDirectory()) throw new AppError("invalid", `${dir} is not a folder`);
  const files = await readBundleFolder(dir);
  if (Object.keys(files).length === 0) throw new AppError("invalid", `${dir} has no .cedar or .yaml file`);
  return files;
}

export function faultLine({ file, line, message }: BundleFault): string {
  return `${file}${line === undefined ? "" : `:${line}`}: ${message}`;
}

/** @throws AppError("invalid") with a line per error */
export function refuseErrors(faults: BundleFault[]): void {
  const errors = faults.filter(({ severity }) => severity === "error").map(faultLine);
  if (errors.length > 0) throw new AppError("invalid", "the bundle has errors", { faults: errors });
}

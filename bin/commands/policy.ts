import type { Command } from "commander";
import { AppError } from "@/lib/errors";
import { compileBundle } from "@/lib/policy/bundle";
import { type BundleTestResult, runBundleTests } from "@/lib/policy/run-tests";
import { checkBundle } from "@/lib/store/bundles";
import { listGroups } from "@/lib/store/groups";
import { faultLine, readFolder, refuseErrors } from "./apply";
import { prepareAnalysis } from "./policy-analysis";
import { addCommand, addGroupCommand, type Outcome } from "./run-command";

export function addPolicyCommands(program: Command): void {
  const policy = addGroupCommand(program, { name: "policy", summary: "policy bundles" });
  addCommand(policy, {
    usage: "test <dir>",
    summary: "run a bundle's own tests against the registered catalogs; exit code 1 where one fails",
    run: ({ args: [dir = ""] }) => test(dir),
  });
}

async function test(dir: string): Promise<Outcome> {
  const files = await readFolder(dir);
  const faults = await checkBundle(files);
  refuseErrors(faults);
  for (const warning of faults.map(faultLine)) process.stderr.write(`warning: ${warning}\n`);
  const groups = (await listGroups()).map(({ name }) => name);
  const compiled = compileBundle({ files, groups });
  if (!compiled.ok)
    throw new AppError("invalid", "the bundle does not compile", { faults: compiled.faults.map(faultLine) });
  const results = await runBundleTests(compiled.bundle.tests, await prepareAnalysis({ files, groups }));
  const failed = results.filter(({ passed }) => !passed).length;
  const document = { passed: results.length - failed, failed, results };
  const text = [...results.flatMap(resultLines), `${results.length - failed} passed, ${failed} failed`].join("\n");
  return { document, text, exitCode: failed === 0 ? 0 : 1 };
}

function resultLines({ name, file, line, passed, messages }: BundleTestResult): string[] {
  const where = line === undefined ? file : `${file}:${line}`;
  return [`${passed ? "ok  " : "FAIL"}  ${name}  (${where})`, ...messages.map((message) => `        ${message}`)];
}

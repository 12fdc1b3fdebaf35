// `npm test`: every check and every kind of test, or those that are named: `npm test -- types unit`.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, root, runSetup } from "./bootstrap.mjs";

const module = (path) => join(root, "node_modules", path);
const reports = mkdtempSync(join(tmpdir(), "countersign-reports-"));
process.once("exit", () => rmSync(reports, { recursive: true, force: true }));

/** A check passes or fails as one; a runner writes a report whose tests are counted. */
const parts = [
  {
    name: "format",
    label: "formatting and lint",
    check: [[module("@biomejs/biome/bin/biome"), "check", "--error-on-warnings"]],
  },
  {
    name: "types",
    label: "types",
    check: [
      [module("next/dist/bin/next"), "typegen"],
      [module("typescript/bin/tsc"), "--noEmit"],
    ],
  },
  { name: "structure", label: "structure", check: [[join(root, "bin/check-structure.mjs")]] },
  {
    name: "unused",
    label: "unused files, exports and packages",
    check: [[module("knip/bin/knip.js"), "--no-progress"]],
  },
  { name: "unit", label: "unit tests", report: vitestReport, run: vitest("unit") },
  { name: "wire", label: "wire tests", stack: true, report: vitestReport, run: vitest("wire") },
  {
    name: "browser",
    label: "browser tests",
    stack: true,
    report: playwrightReport,
    run: (report) => ({
      args: [
        module("@playwright/test/cli.js"),
        "test",
        "--config",
        "e2e/playwright.config.ts",
        "--pass-with-no-tests",
        "--reporter=list,json",
      ],
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    }),
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
const chosen = parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const total = { passed: 0, failed: 0, skipped: 0 };
let stack;

await runSetup(async () => {
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no part named ${unknown.join(", ")}; there are ${parts.map(({ name }) => name).join(", ")}\n`,
    );
    process.exit(2);
  }
  await prepare("client", "programs", ...(chosen.some(({ stack }) => stack) ? ["console"] : []));
});
try {
  for (const part of chosen) await runPart(part);
} finally {
  await stack?.stop();
}
if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 ? 1 : 0);

async function runPart(part) {
  const started = Date.now();
  process.stdout.write(`\n── ${part.label}\n`);
  const result = part.check ? await runCheck(part) : await runTests(part);
  for (const key of Object.keys(total)) total[key] += result[key];
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`   ${part.label}: ${result.passed} passed, ${result.failed} failed, ${seconds} s\n`);
}

async function runCheck({ check }) {
  for (const args of check) {
    const code = await node(args, {});
    if (code !== 0) return { passed: 0, failed: 1, skipped: 0 };
  }
  return { passed: 1, failed: 0, skipped: 0 };
}

/** A runner that ends badly without a failed test (a hook, a crash) counts as one failure. */
async function runTests({ name, stack: needsStack, report, run }) {
  const file = join(reports, `${name}.json`);
  try {
    if (needsStack) await freshStack();
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { args, env } = run(file);
  const code = await node(args, env);
  const counts = report(file);
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** One whole installation for the tests of a part; what an earlier part left behind would be in the way. */
async function freshStack() {
  await stack?.stop();
  stack = undefined;
  const { launchDemo } = await import(pathToFileURL(join(root, "dist/launch-demo.js")).href);
  const home = mkdtempSync(join(tmpdir(), "countersign-e2e-"));
  const running = await launchDemo(home);
  process.env.COUNTERSIGN_E2E_HOME = home;
  stack = { stop: () => running.discard() };
}

function vitest(project) {
  return (report) => ({
    args: [
      module("vitest/vitest.mjs"),
      "run",
      "--project",
      project,
      "--passWithNoTests",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    env: {},
  });
}

function vitestReport(file) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = readReport(file, {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    testResults: [],
  });
  // A file that cannot even be loaded has no tests that could fail.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests };
}

function playwrightReport(file) {
  const { stats } = readReport(file, { stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 } });
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

function readReport(file, otherwise) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return otherwise;
  }
}

function node(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
    });
    child.once("error", () => resolve(1));
    child.once("close", (code) => resolve(code ?? 1));
  });
}

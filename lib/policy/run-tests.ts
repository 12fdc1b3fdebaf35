import type { SqlRefusal } from "@/lib/sql/types";
import { peopleNeeded } from "./hold-terms";
import type { BundleTest } from "./tests-file";
import type { Decision } from "./types";

/** What the analysis of a test's statement came to. */
export type TestOutcome = {
  decision: Decision;
  /** ids of the masked columns */
  masked: readonly string[];
  /** set where the statement was refused before any policy was asked */
  refusal?: SqlRefusal;
};

/** Analyses the test's statement for its principal and database; throws when it cannot. */
export type AnalyzeTest = (test: BundleTest) => TestOutcome | Promise<TestOutcome>;

export type BundleTestResult = {
  name: string;
  file: string;
  line?: number;
  passed: boolean;
  /** one sentence per expectation that was not met */
  messages: string[];
};

/** Runs a bundle's own tests one after another. A test whose analysis throws fails with the error's message. */
export async function runBundleTests(tests: readonly BundleTest[], analyze: AnalyzeTest): Promise<BundleTestResult[]> {
  const results: BundleTestResult[] = [];
  for (const test of tests) {
    const messages = await messagesOf(test, analyze);
    const { name, file, line } = test;
    results.push({ name, file, line, passed: messages.length === 0, messages });
  }
  return results;
}

async function messagesOf(test: BundleTest, analyze: AnalyzeTest): Promise<string[]> {
  try {
    return unmetExpectations(test, await analyze(test));
  } catch (error) {
    return [`could not be analysed: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** What the outcome lacks of what the test expects, one sentence each; none when all is met. */
export function unmetExpectations(test: BundleTest, outcome: TestOutcome): string[] {
  const { decision, refusal } = outcome;
  const effect = refusal ? "refused" : decision.effect;
  if (effect !== test.expect) return [`expected ${test.expect}, got ${effect}${because(outcome)}`];
  const sqlstate = refusal?.sqlstate ?? (decision.effect === "deny" ? decision.sqlstate : null);
  const reason = refusal?.message ?? (decision.effect === "allow" ? "" : decision.reason);
  const messages: string[] = [];
  if (test.sqlstate !== undefined && test.sqlstate !== sqlstate) {
    messages.push(`expected SQLSTATE ${test.sqlstate}, got ${sqlstate ?? "none"}`);
  }
  if (test.reason !== undefined && !reason.includes(test.reason)) {
    messages.push(`expected a reason with "${test.reason}", got "${reason}"`);
  }
  for (const id of test.policies ?? []) {
    if (!decision.policies.includes(id)) {
      messages.push(`expected policy ${id} to decide, got ${decision.policies.join(", ") || "none"}`);
    }
  }
  return [...messages, ...unmetQuorum(test, decision), ...unmetMasks(test, outcome.masked)];
}

function unmetQuorum(test: BundleTest, decision: Decision): string[] {
  if (test.quorum === undefined) return [];
  if (decision.effect !== "hold") return [`expected a quorum of ${test.quorum}, but nothing is held`];
  const needed = peopleNeeded(decision.terms);
  return needed === test.quorum ? [] : [`expected a quorum of ${test.quorum}, got ${needed}`];
}

function unmetMasks(test: BundleTest, masked: readonly string[]): string[] {
  const got = masked.join(", ") || "none";
  const isMasked = (column: string) => masked.some((id) => id === column || id.endsWith(`.${column}`));
  const messages = (test.masked ?? [])
    .filter((column) => !isMasked(column))
    .map((column) => `expected ${column} masked, got ${got}`);
  if (test.masked?.length === 0 && masked.length > 0) messages.push(`expected nothing masked, got ${got}`);
  for (const column of test.unmasked ?? []) {
    if (isMasked(column)) messages.push(`expected ${column} in clear, but it is masked`);
  }
  return messages;
}

function because({ decision, refusal }: TestOutcome): string {
  if (refusal) return ` (${refusal.sqlstate}): ${refusal.message}`;
  if (decision.effect === "allow") return ` by ${decision.policies.join(", ") || "no policy"}`;
  return ` by ${decision.policies.join(", ") || "no policy"}: ${decision.reason}`;
}

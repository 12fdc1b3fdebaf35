import { type AccessOffer, readAccessFile } from "./access-file";
import type { CheckContext } from "./checks/bundle-check";
import { everyCheck } from "./checks/every-check";
import { compilePolicies } from "./compile";
import type { CompiledBundle, SourcePolicy } from "./compiled";
import { noMasking, readMaskingFile } from "./masking-file";
import { readPolicies } from "./read-policies";
import { didYouMean } from "./suggest";
import { type BundleTest, readTestsFile } from "./tests-file";
import type { BundleFault, BundleFiles } from "./types";
import { validatePolicies } from "./validate-policies";

export type BundleSource = {
  files: BundleFiles;
  /** names of the groups that exist */
  groups: readonly string[];
  /** people by group, e-mails: with it, quorums that cannot be reached are warned of */
  members?: Readonly<Record<string, readonly string[]>>;
};

export type BundleCompilation =
  | { ok: true; bundle: CompiledBundle; warnings: BundleFault[] }
  | { ok: false; faults: BundleFault[] };

const bundleCharactersMax = 8 * 1024 * 1024;
const policiesMax = 10_000;

/**
 * Reads, checks and compiles a bundle. All faults are found in one go, ordered by file and line; a
 * bundle with an error does not compile, warnings do not hinder it.
 */
export function compileBundle(source: BundleSource): BundleCompilation {
  const groups = new Set(source.groups);
  const names = Object.keys(source.files).sort();
  const size = names.reduce((sum, name) => sum + source.files[name]!.length, 0);
  if (size > bundleCharactersMax) return failed(`the bundle is larger than ${bundleCharactersMax} characters`);

  const masking = readMasking(source.files, groups);
  const labels = new Set(masking.config.labels.map((label) => label.id));
  const access = readAccess(source.files, { groups, labels });
  const tests = readTests(source.files);
  const { policies, faults: syntax } = readCedar(source.files);
  if (policies.length > policiesMax) return failed(`the bundle has more than ${policiesMax} policies`);

  const faults = [...checkFileNames(names), ...masking.faults, ...access.faults, ...tests.faults, ...syntax];
  faults.push(...checkPolicies(policies, { groups, labels, members: source.members }));
  if (policies.length === 0 && syntax.length === 0) {
    faults.push({ file: "", message: "the bundle has no policy, so nothing is permitted", severity: "warning" });
  }
  faults.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0)));
  if (faults.some((fault) => fault.severity === "error")) return { ok: false, faults };
  const bundle = compilePolicies(policies, { masking: masking.config, access: access.offers, tests: tests.tests });
  return { ok: true, bundle, warnings: faults };
}

function checkPolicies(policies: readonly SourcePolicy[], context: CheckContext): BundleFault[] {
  return [...everyCheck.flatMap((check) => check(policies, context)), ...validatePolicies(policies)];
}

function readMasking(files: BundleFiles, groups: ReadonlySet<string>) {
  const text = files["masking.yaml"];
  return text === undefined
    ? { config: noMasking, faults: [] }
    : readMaskingFile({ file: "masking.yaml", text, groups });
}

function readAccess(
  files: BundleFiles,
  known: { groups: ReadonlySet<string>; labels: ReadonlySet<string> },
): { offers: AccessOffer[]; faults: BundleFault[] } {
  const text = files["access.yaml"];
  return text === undefined ? { offers: [], faults: [] } : readAccessFile({ file: "access.yaml", text, ...known });
}

function readTests(files: BundleFiles): { tests: BundleTest[]; faults: BundleFault[] } {
  const read = Object.keys(files)
    .filter(isTestsFile)
    .sort()
    .map((file) => readTestsFile(file, files[file]!));
  return { tests: read.flatMap((each) => each.tests), faults: read.flatMap((each) => each.faults) };
}

function readCedar(files: BundleFiles): { policies: SourcePolicy[]; faults: BundleFault[] } {
  const read = Object.keys(files)
    .filter(isCedarFile)
    .sort()
    .map((file) => readPolicies(file, files[file]!));
  return { policies: read.flatMap((each) => each.policies), faults: read.flatMap((each) => each.faults) };
}

/** A rule in a file that nobody reads protects nothing, so a name that looks like one is a fault. */
function checkFileNames(names: readonly string[]): BundleFault[] {
  const known = ["masking.yaml", "access.yaml"];
  return names
    .filter((file) => !known.includes(file) && !isCedarFile(file) && !isTestsFile(file))
    .map((file) => {
      const looksLikeRules = /\.(cedar|ya?ml|json)$/i.test(file);
      const message = `this file is not part of a bundle and is not read${didYouMean(file, known)}`;
      return { file, message, severity: looksLikeRules ? "error" : "warning" };
    });
}

function isCedarFile(file: string): boolean {
  return /^[^/]+\.cedar$/.test(file);
}

function isTestsFile(file: string): boolean {
  return /^tests\/[^/]+\.yaml$/.test(file);
}

function failed(message: string): BundleCompilation {
  return { ok: false, faults: [{ file: "", message, severity: "error" }] };
}

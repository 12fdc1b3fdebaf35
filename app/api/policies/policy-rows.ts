import type { ActiveBundle, PolicyRow } from "@/components/policies/policy-rows";
import { type BundleCompilation, compileBundle } from "@/lib/policy/bundle";
import type { CompiledPolicy, EntityScope } from "@/lib/policy/compiled";
import { actionGroups } from "@/lib/policy/schema";
import { type BundleVersion, readActiveBundle } from "@/lib/store/bundles";
import { listGroups } from "@/lib/store/groups";
import { type PolicyHits, readPolicyHits } from "@/lib/store/policy-hits";
import { versionRow } from "./version-rows";

const hitsMs = 7 * 24 * 60 * 60 * 1_000;
const noHits: PolicyHits = { allow: 0, hold: 0, deny: 0 };

/** The bundle in force, policy by policy, with how often each decided in the last seven days. */
export async function readActivePolicies(): Promise<ActiveBundle> {
  const [bundle, groups, hits] = await Promise.all([
    readActiveBundle(),
    listGroups(),
    readPolicyHits(new Date(Date.now() - hitsMs)),
  ]);
  if (bundle === null) return { version: null, policies: [], files: [], faults: [] };
  const compiled = compileActive(
    bundle,
    groups.map(({ name }) => name),
  );
  return {
    version: versionRow(bundle),
    policies: compiled.ok
      ? compiled.bundle.policies.map((policy) => policyRow(policy, hits.get(policy.id) ?? noHits))
      : [],
    files: bundle.fileNames,
    faults: compiled.ok ? compiled.warnings : compiled.faults,
  };
}

let known: { key: string; compilation: BundleCompilation } | undefined;

/** The files of a version never change, so it is compiled once as long as the groups stay the same. */
function compileActive({ version, files }: BundleVersion, groups: string[]): BundleCompilation {
  const key = JSON.stringify([version, groups]);
  if (known?.key !== key) known = { key, compilation: compileBundle({ files, groups }) };
  return known.compilation;
}

function policyRow(policy: CompiledPolicy, hits: PolicyHits): PolicyRow {
  const { id, effect, settings, scope, file, line, text } = policy;
  const appliesTo = {
    principal: entityWords(scope.principal, "anybody"),
    action: scope.actions === null ? "anything" : actionWords(scope.actions),
    resource: entityWords(scope.resource, "everything"),
  };
  return { id, effect, settings, appliesTo, file, line, text, hits };
}

/** A whole group of actions by its name, the rest by theirs. */
function actionWords(actions: ReadonlySet<string>): string {
  const left = new Set(actions);
  const words: string[] = [];
  for (const [group, members] of Object.entries(actionGroups)) {
    if (!members.every((member) => left.has(member))) continue;
    words.push(group);
    for (const member of members) left.delete(member);
  }
  return [...words, ...left].join(", ");
}

/** `Group::agents` in a scope is "agents"; what is bound to a type alone says so. */
function entityWords(scope: EntityScope, any: string): string {
  switch (scope.op) {
    case "any":
      return any;
    case "is":
      return `any ${scope.type.toLowerCase()}`;
    case "eq":
      return bareId(scope.uid);
    case "in":
      return scope.type === null ? bareId(scope.uid) : `${scope.type.toLowerCase()} in ${bareId(scope.uid)}`;
  }
}

function bareId(uid: string): string {
  return uid.slice(uid.indexOf("::") + 2);
}

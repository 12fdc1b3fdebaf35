import type { PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";
import type { MaskingConfig } from "@/lib/masking/types";
import type { ActionName } from "@/lib/sql/types";
import type { AccessOffer } from "./access-file";
import type { BoundedMap } from "./bounded-map";
import type { CedarAnswer } from "./cedar";
import type { BundleTest } from "./tests-file";
import type { ContextReads } from "./volatile";

/** What a forbid with `@hold` demands, defaults filled in. */
export type HoldSettings = {
  group: string;
  quorum: number;
  also: string | null;
  expiresSeconds: number;
  waitSeconds: number;
  lasts: "once" | number;
  channels: ("console" | "slack" | "email")[];
  severity: "low" | "medium" | "high";
};

export type PolicySettings = {
  mode: "enforce" | "observe" | "off";
  reason: string | null;
  budget: "rows" | "statements" | null;
  hold: HoldSettings | null;
};

/** Whether conditions look at the principal or the resource; scopes are matched before. */
export type ConditionReads = { principal: boolean; resource: boolean };

/** One policy as read from a file, before its annotations are judged. */
export type SourcePolicy = {
  /** "" when the policy has none */
  id: string;
  file: string;
  /** 1-based line of its first character */
  line: number;
  text: string;
  json: PolicyJson;
};

/** `any`, or the condition that one part of a policy's scope puts on an entity. */
export type EntityScope =
  | { op: "any" }
  /** `type` null where the scope does not say */
  | { op: "is"; type: string }
  | { op: "eq"; uid: string }
  | { op: "in"; uid: string; type: string | null };

export type PolicyScope = {
  principal: EntityScope;
  /** null: the action is left open */
  actions: ReadonlySet<ActionName> | null;
  resource: EntityScope;
};

export type CompiledPolicy = SourcePolicy & {
  /** place in the bundle, by file name and line */
  index: number;
  effect: "permit" | "forbid";
  settings: PolicySettings;
  scope: PolicyScope;
  reads: ContextReads;
  conditions: ConditionReads;
};

/** The policies that can answer for one action, in bundle order. */
export type ActionPolicies = { enforced: CompiledPolicy[]; observed: CompiledPolicy[] };

/** A bundle that decides. Lives in the thread that compiled it: it holds a cache of answers. */
export type CompiledBundle = {
  policies: CompiledPolicy[];
  byId: ReadonlyMap<string, CompiledPolicy>;
  byAction: ReadonlyMap<ActionName, ActionPolicies>;
  masking: MaskingConfig;
  access: AccessOffer[];
  tests: BundleTest[];
  /** attributes of the context that any policy reads */
  reads: ContextReads;
  /** Cedar's answers under a key over all that the asked policies read */
  answers: BoundedMap<CedarAnswer>;
  /** reads of each slice that was asked */
  sliceReads: BoundedMap<{ context: ContextReads; conditions: ConditionReads }>;
  /** names the bundle in the cache of preparsed slices */
  serial: number;
};

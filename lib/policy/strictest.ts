import type { Ask } from "@/lib/sql/types";
import type { AskAnswer } from "./answer-ask";
import type { CompiledPolicy } from "./compiled";
import { combineHolds } from "./hold-terms";
import { resourceName, resourceText } from "./schema";
import type { Decision, Observation, RecordedRequest } from "./types";

/** One ask of a statement with what the policies say to it. */
export type Answered = { ask: Ask; answer: AskAnswer };

type Denial = Extract<Decision, { effect: "deny" }>;

const undecidableHint = "nothing was run; the policy or the set-up needs an administrator's attention";

/** ZS003 outranks a policy's refusal, which outranks a budget's: waiting does not help against a policy. */
const denialRank: Record<Denial["sqlstate"], number> = { "53400": 1, "42501": 2, ZS003: 3 };

/** The decision of a statement from the answers to all its asks; no ask at all is an allow. */
export function strictest(answered: readonly Answered[], observed: Observation[]): Decision {
  const denials = answered.map(denialOf).filter((denial) => denial !== null);
  const worst = denials.toSorted((a, b) => denialRank[b.sqlstate] - denialRank[a.sqlstate])[0];
  if (worst) {
    const alike = denials.filter((denial) => denial.sqlstate === worst.sqlstate);
    return { ...worst, policies: unique(alike.flatMap((denial) => denial.policies)), observed };
  }
  const holds = answered.filter((each) => each.answer.effect === "hold");
  const holding = uniquePolicies(holds.flatMap((each) => policiesOf(each.answer)));
  const [first, ...others] = holding.map((policy) => policy.settings.hold).filter((hold) => hold !== null);
  if (first) {
    const reason = statedReason(holding) ?? `${describe(holds[0]!.ask)} needs the approval of ${first.group}`;
    return { effect: "hold", policies: ids(holding), reason, terms: combineHolds([first, ...others]), observed };
  }
  return { effect: "allow", policies: unique(answered.flatMap((each) => ids(policiesOf(each.answer)))), observed };
}

function denialOf({ ask, answer }: Answered): Omit<Denial, "observed"> | null {
  switch (answer.effect) {
    case "allow":
    case "hold":
      return null;
    case "undecidable":
      return {
        effect: "deny",
        sqlstate: "ZS003",
        policies: ids(answer.policies),
        reason: `cannot decide ${describe(ask)} safely: ${answer.errors[0] ?? "no answer"}`,
        hint: undecidableHint,
      };
    case "unpermitted":
      return {
        effect: "deny",
        sqlstate: "42501",
        policies: [],
        reason: `no policy permits ${describe(ask)}`,
        hint: answer.hint,
      };
    case "forbidden":
      return forbidden(ask, answer.policies);
  }
}

function forbidden(ask: Ask, policies: readonly CompiledPolicy[]): Omit<Denial, "observed"> {
  const firm = policies.filter((policy) => policy.settings.budget === null);
  const telling = firm.length > 0 ? firm : policies;
  return {
    effect: "deny",
    sqlstate: firm.length > 0 ? "42501" : "53400",
    policies: ids(policies),
    reason: statedReason(telling) ?? `policy ${telling[0]!.id} forbids ${describe(ask)}`,
    hint:
      firm.length > 0
        ? `ask an admin about policy ${telling[0]!.id}, or connect as a principal that it does not cover`
        : "usage counts the last hour; try again later",
  };
}

/** What the journal keeps of one ask. */
export function recordedRequest({ ask, answer }: Answered): RecordedRequest {
  const effect = answer.effect === "allow" || answer.effect === "hold" ? answer.effect : "deny";
  return { action: ask.action, resource: resourceText(ask.resource), effect, policies: ids(policiesOf(answer)) };
}

function policiesOf(answer: AskAnswer): readonly CompiledPolicy[] {
  return answer.effect === "unpermitted" ? [] : answer.policies;
}

function statedReason(policies: readonly CompiledPolicy[]): string | null {
  return policies.map((policy) => policy.settings.reason).find((reason) => reason !== null) ?? null;
}

function describe(ask: Ask): string {
  return `${ask.action} on ${resourceName(ask.resource)}`;
}

function ids(policies: readonly CompiledPolicy[]): string[] {
  return policies.map((policy) => policy.id);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function uniquePolicies(policies: readonly CompiledPolicy[]): CompiledPolicy[] {
  return [...new Set(policies)].sort((a, b) => a.index - b.index);
}

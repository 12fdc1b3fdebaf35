import { askSlice, policiesFor } from "./ask-slice";
import type { AskedRequest } from "./asked-request";
import type { CedarAnswer } from "./cedar";
import type { CompiledBundle, CompiledPolicy } from "./compiled";
import { nearestPermitHint } from "./nearest-permit";
import { actionsThatCannotWait } from "./schema";
import type { Observation } from "./types";
import { readsEstimatedRows } from "./volatile";
import { isEstimable } from "./wants-estimate";

export type AskAnswer =
  | { effect: "allow"; policies: CompiledPolicy[] }
  | { effect: "hold"; policies: [CompiledPolicy, ...CompiledPolicy[]] }
  | { effect: "forbidden"; policies: [CompiledPolicy, ...CompiledPolicy[]] }
  | { effect: "unpermitted"; hint: string }
  | { effect: "undecidable"; policies: CompiledPolicy[]; errors: string[] };

/**
 * What the enforced policies say to one request.
 *
 * The hard set and the forbids that hold are asked together; only when nothing but holds forbids is the
 * hard set asked alone, because nobody is asked to sign what nobody permits. The answers are those of
 * asking the hard set first and the holds over a permit-all afterwards.
 */
export function answerAsk(bundle: CompiledBundle, request: AskedRequest, waived: ReadonlySet<string>): AskAnswer {
  const slice = policiesFor(bundle.byAction.get(request.action)?.enforced ?? [], request);
  const hard = slice.filter((policy) => policy.settings.hold === null);
  const together = askSlice(bundle, slice, request);
  const hardAnswer = isSettled(together, bundle) ? together : askSlice(bundle, hard, request);
  const denial = hardDenial(bundle, request, hardAnswer);
  if (denial) return denial;
  if (!together.ok) return { effect: "undecidable", policies: [], errors: together.errors };
  const blind = withoutEstimate(slice, request);
  if (blind.length > 0) {
    const errors = ["the estimated number of rows could not be had"];
    return { effect: "undecidable", policies: blind, errors };
  }
  const [first, ...others] = named(bundle, together.ids).filter(
    (policy) => policy.settings.hold !== null && !waived.has(policy.id),
  );
  if (!first) return { effect: "allow", policies: named(bundle, hardAnswer.ok ? hardAnswer.ids : []) };
  if (actionsThatCannotWait.includes(request.action)) return { effect: "forbidden", policies: [first, ...others] };
  return { effect: "hold", policies: [first, ...others] };
}

/** What the policies that only observe would have said; null when none of them had a say. */
export function observeAsk(bundle: CompiledBundle, request: AskedRequest): Observation | null {
  const slice = policiesFor(bundle.byAction.get(request.action)?.observed ?? [], request);
  if (slice.length === 0) return null;
  const answer = askSlice(bundle, slice, request, true);
  if (!answer.ok) return { policies: slice.map((policy) => policy.id), effect: "deny", errors: answer.errors };
  if (answer.ids.length === 0) return null;
  return { policies: named(bundle, answer.ids).map((policy) => policy.id), effect: answer.effect, errors: [] };
}

/** The policies of these ids in bundle order. */
export function named(bundle: CompiledBundle, ids: readonly string[]): CompiledPolicy[] {
  return ids
    .map((id) => bundle.byId.get(id))
    .filter((policy) => policy !== undefined)
    .sort((a, b) => a.index - b.index);
}

/** True when the answer of hard set and holds together is the hard set's own. */
function isSettled(answer: CedarAnswer, bundle: CompiledBundle): boolean {
  if (!answer.ok) return false;
  if (answer.effect === "allow") return true;
  return answer.ids.length === 0 || answer.ids.some((id) => bundle.byId.get(id)?.settings.hold === null);
}

function hardDenial(bundle: CompiledBundle, request: AskedRequest, answer: CedarAnswer): AskAnswer | null {
  if (!answer.ok) return { effect: "undecidable", policies: [], errors: answer.errors };
  if (answer.effect === "allow") return null;
  const [first, ...others] = named(bundle, answer.ids).filter((policy) => policy.settings.hold === null);
  if (first) return { effect: "forbidden", policies: [first, ...others] };
  return { effect: "unpermitted", hint: nearestPermitHint(bundle, request) };
}

/** Policies that read an estimate which this statement should have and has not. */
function withoutEstimate(slice: readonly CompiledPolicy[], request: AskedRequest): CompiledPolicy[] {
  if (request.statement?.facts.estimatedRows !== undefined) return [];
  if (!isEstimable(request.action)) return [];
  return slice.filter((policy) => readsEstimatedRows(policy.reads));
}

import type { Ask } from "@/lib/sql/types";
import { askSlice, policiesFor } from "./ask-slice";
import { askedRequest, askerOf } from "./asked-request";
import type { CompiledBundle } from "./compiled";
import type { DecisionInput } from "./types";
import { readsEstimatedRows } from "./volatile";

/** A masked column and the labels that it carries. */
export type LabelledColumn = { id: string; labels: readonly string[] };

/** `forbidden` columns stay masked whatever a masking rule or a grant says. */
export type UnmaskAnswers = { permitted: Set<string>; forbidden: Set<string> };

/**
 * Asks `unmask` for each column, in the set of policies that name that action and no other.
 * A column about which the policies cannot be asked counts as forbidden.
 */
export function askUnmask(
  bundle: CompiledBundle,
  input: Omit<DecisionInput, "asks" | "waived">,
  columns: readonly LabelledColumn[],
): UnmaskAnswers {
  const answers: UnmaskAnswers = { permitted: new Set(), forbidden: new Set() };
  const policies = bundle.byAction.get("unmask")?.enforced ?? [];
  if (policies.length === 0) return answers;
  const asker = askerOf(input, input.statement);
  for (const { id, labels } of columns) {
    const ask: Ask = { action: "unmask", resource: { type: "Column", id }, hasWhere: false, whereIsConstant: false };
    const request = askedRequest(asker, ask, labels);
    const slice = request ? policiesFor(policies, request) : [];
    if (request && slice.length === 0) continue;
    const answer = request && askSlice(bundle, slice, request);
    const blind =
      input.statement.estimatedRows === undefined && slice.some((policy) => readsEstimatedRows(policy.reads));
    if (!answer?.ok || blind) answers.forbidden.add(id);
    else if (answer.effect === "allow") answers.permitted.add(id);
    else if (answer.ids.length > 0) answers.forbidden.add(id);
  }
  return answers;
}

/** Ids of the columns that policies unmask for this principal and statement. */
export function unmaskedColumns(
  bundle: CompiledBundle,
  input: Omit<DecisionInput, "asks" | "waived">,
  columns: readonly LabelledColumn[],
): Set<string> {
  return askUnmask(bundle, input, columns).permitted;
}

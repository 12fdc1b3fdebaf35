import { policiesFor } from "./ask-slice";
import { askedRequest, askerOf } from "./asked-request";
import type { CompiledBundle } from "./compiled";
import { actionGroups } from "./schema";
import type { DecisionInput } from "./types";
import { readsEstimatedRows } from "./volatile";

/** True when a policy that can have a say about this statement, or about its masks, reads the estimated rows. */
export function wantsEstimate(bundle: CompiledBundle, input: DecisionInput): boolean {
  if (!readsEstimatedRows(bundle.reads)) return false;
  if (bundle.byAction.get("unmask")?.enforced.some((policy) => readsEstimatedRows(policy.reads))) return true;
  const asker = askerOf(input, input.statement);
  return input.asks.some((ask) => {
    const request = isEstimable(ask.action) ? askedRequest(asker, ask) : null;
    if (request === null) return false;
    const { enforced = [], observed = [] } = bundle.byAction.get(ask.action) ?? {};
    return policiesFor([...enforced, ...observed], request).some((policy) => readsEstimatedRows(policy.reads));
  });
}

/** Only what reads or writes rows has a number of them. */
export function isEstimable(action: string): boolean {
  const estimable: readonly string[] = [...actionGroups.read, ...actionGroups.write];
  return estimable.includes(action);
}

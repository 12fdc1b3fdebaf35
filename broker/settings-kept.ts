import { changeKept, keptPrefix } from "@/lib/kept-settings";
import type { KnownPlan } from "./calls";
import { sqlstate } from "./protocol/sqlstate";
import type { Refusal } from "./refusal";
import type { Session } from "./session-state";

/**
 * Takes over what a plan's SET and RESET say about the broker's own settings. The upstream gets a statement without
 * effect in their place, so that batches, pipelines and failed transactions go as they do for any other setting.
 */
export function applySettings(session: Session, known: KnownPlan): Refusal | null {
  let { kept } = session;
  let touched = false;
  for (const { settings } of known.plan.statements) {
    for (const { name, value } of settings) {
      if (name === "all") {
        kept = session.keptAtStart;
        touched = true;
      }
      if (!name.startsWith(keptPrefix)) continue;
      const changed = changeKept(kept, name, value);
      if (!changed.ok) {
        return { sqlstate: sqlstate.invalidParameterValue, message: changed.message, hint: changed.hint };
      }
      kept = changed.kept;
      touched = true;
    }
  }
  if (touched) {
    session.kept = kept;
    session.leaf = null;
  }
  return null;
}

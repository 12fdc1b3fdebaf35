import { dottedId } from "@/lib/sql/names";
import type { Ask } from "@/lib/sql/types";
import { type AskAnswer, answerAsk, observeAsk } from "./answer-ask";
import { askedRequest, askerOf } from "./asked-request";
import type { CompiledBundle } from "./compiled";
import type { BaseFacts } from "./context";
import { type Answered, recordedRequest, strictest } from "./strictest";
import type { Decision, DecisionInput, Observation, RecordedRequest } from "./types";

const unknownRequest: AskAnswer = {
  effect: "undecidable",
  policies: [],
  errors: ["the principal, the resource or a fact of the session is not fully known"],
};

/**
 * Decides one statement: every request that it makes is asked, the strictest answer wins.
 *
 * Never throws. What cannot be decided (an evaluation error, a principal or resource that is not fully
 * known, an estimate that is missing) is a deny with ZS003. A statement that asks nothing is allowed.
 * `requests` keeps one entry per ask, in order.
 */
export function decide(
  bundle: CompiledBundle,
  input: DecisionInput,
): { decision: Decision; requests: RecordedRequest[] } {
  const asker = askerOf(input, input.statement);
  const answered: Answered[] = [];
  const observed: Observation[] = [];
  const seen = new Map<string, AskAnswer>();
  const waived = new Set(input.waived);
  for (const ask of input.asks) {
    const key = `${ask.action} ${ask.resource.type} ${ask.hasWhere} ${ask.whereIsConstant} ${ask.resource.id}`;
    let answer = seen.get(key);
    if (!answer) {
      const request = askedRequest(asker, ask);
      answer = request ? answerAsk(bundle, request, waived) : unknownRequest;
      const observation = request && observeAsk(bundle, request);
      if (observation) observed.push(observation);
      seen.set(key, answer);
    }
    answered.push({ ask, answer });
  }
  return { decision: strictest(answered, observed), requests: answered.map(recordedRequest) };
}

/** Whether the principal may open a session on the database: allow or deny, never hold. */
export function mayConnect(bundle: CompiledBundle, facts: BaseFacts): Decision {
  const ask: Ask = {
    action: "connect",
    resource: { type: "Database", id: dottedId(facts.database.name) },
    hasWhere: false,
    whereIsConstant: false,
  };
  const request = askedRequest(askerOf(facts), ask);
  if (!request) return strictest([{ ask, answer: unknownRequest }], []);
  const observation = observeAsk(bundle, request);
  return strictest([{ ask, answer: answerAsk(bundle, request, new Set()) }], observation ? [observation] : []);
}

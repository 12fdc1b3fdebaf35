import type { AskedRequest } from "./asked-request";
import { askCedar, type CedarAnswer, type CedarRequest } from "./cedar";
import type { CompiledBundle, CompiledPolicy, ConditionReads } from "./compiled";
import { baseContext, statementContext } from "./context";
import { peopleOf } from "./entities";
import { matchesEntity } from "./scope";
import { type ContextReads, combineReads, decisionKey, grantsKey, statementKey } from "./volatile";

/** A permit-all that is added to forbids, so that the answer says which of them hold. */
const permitAll = { id: "permit all", text: "permit (principal, action, resource);" };

/** The policies of a list whose scope covers the request: no other can have a say. */
export function policiesFor(policies: readonly CompiledPolicy[], request: AskedRequest): CompiledPolicy[] {
  return policies.filter(
    ({ scope }) => matchesEntity(scope.principal, request.principal) && matchesEntity(scope.resource, request.resource),
  );
}

/**
 * Asks a slice of the bundle's policies about a request, or remembers what it answered to one that
 * differs in nothing that the slice reads. `overPermit` adds the permit-all.
 */
export function askSlice(
  bundle: CompiledBundle,
  slice: readonly CompiledPolicy[],
  request: AskedRequest,
  overPermit = false,
): CedarAnswer {
  const sliceKey = `${bundle.serial}${overPermit ? "+" : ":"}${slice.map((policy) => policy.index).join(",")}`;
  const answerKey = `${sliceKey}\n${requestKey(readsOf(bundle, slice, sliceKey), request)}`;
  const remembered = bundle.answers.get(answerKey);
  if (remembered) return remembered;
  const answer = askCedar(
    { key: sliceKey, policies: overPermit ? [permitAll, ...slice] : slice },
    cedarRequest(request),
  );
  if (!answer.ok) return answer;
  const known = { ...answer, ids: answer.ids.filter((id) => id !== permitAll.id) };
  bundle.answers.set(answerKey, known);
  return known;
}

type SliceReads = { context: ContextReads; conditions: ConditionReads };

function readsOf(bundle: CompiledBundle, slice: readonly CompiledPolicy[], sliceKey: string): SliceReads {
  let reads = bundle.sliceReads.get(sliceKey);
  if (!reads) {
    reads = {
      context: combineReads(slice.map((policy) => policy.reads)),
      conditions: {
        principal: slice.some((policy) => policy.conditions.principal),
        resource: slice.some((policy) => policy.conditions.resource),
      },
    };
    bundle.sliceReads.set(sliceKey, reads);
  }
  return reads;
}

function cedarRequest(request: AskedRequest): CedarRequest {
  const { action, principal, resource, facts, statement } = request;
  const context = statement
    ? statementContext({ ...facts, statement: statement.facts }, statement.where)
    : baseContext(facts);
  return {
    principal: { type: principal.type, id: principal.id },
    action,
    resource: { type: resource.type, id: resource.id },
    context,
    entities: [principal.entity, resource.entity, ...peopleOf(facts)],
  };
}

/**
 * All that an answer of the slice can depend on. The scopes of its policies hold for the request, so who
 * and what is asked about only matters where a condition looks at it.
 */
function requestKey({ context: reads, conditions }: SliceReads, request: AskedRequest): string {
  const { action, principal, resource, facts, statement } = request;
  const key = [
    action,
    conditions.principal ? principal.key : principal.type,
    conditions.resource ? resource.key : resource.type,
    decisionKey(reads, facts),
    grantsKey(reads, facts.grants),
  ];
  if (statement) key.push(statementKey(reads, { ...statement.facts, ...statement.where }));
  return key.join("\n");
}

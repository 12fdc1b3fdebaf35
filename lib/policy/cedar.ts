import {
  type Context,
  type DetailedError,
  type EntityJson,
  type EntityUidJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from "@cedar-policy/cedar-wasm/nodejs";
import { BoundedMap } from "./bounded-map";
import { cedarSchema } from "./schema";

export type CedarRequest = {
  principal: EntityUidJson;
  action: string;
  resource: EntityUidJson;
  context: Context;
  entities: EntityJson[];
};

/** `ids` of the policies that determine the answer, or what went wrong: the caller must refuse then. */
export type CedarAnswer = { ok: true; effect: "allow" | "deny"; ids: string[] } | { ok: false; errors: string[] };

/** A set of policies to ask. `key` names it for as long as the process lives. */
export type PolicySlice = { key: string; policies: readonly { id: string; text: string }[] };

const schemaName = "countersign";
/** Cedar's cache of preparsed sets never evicts, but an id that is used again replaces what it held. */
const preparsedSlicesMax = 256;

let schemaReady = false;
const freeSlots = Array.from({ length: preparsedSlicesMax }, (_, number) => `slice-${number}`);
const slotOfSlice = new BoundedMap<string>(preparsedSlicesMax);

/**
 * Asks Cedar with full validation of request and entities. Never throws.
 *
 * INVARIANT: an evaluation error of any policy makes the answer not ok. Cedar skips a policy that
 * errors, so a forbid would otherwise vanish in silence.
 */
export function askCedar(slice: PolicySlice, request: CedarRequest): CedarAnswer {
  try {
    const answer = statefulIsAuthorized({
      principal: request.principal,
      action: { type: "Action", id: request.action },
      resource: request.resource,
      context: request.context,
      entities: request.entities,
      preparsedSchemaName: schemaName,
      preparsedPolicySetId: slotFor(slice),
      validateRequest: true,
    });
    if (answer.type === "failure") return { ok: false, errors: answer.errors.map(errorText) };
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) {
      return { ok: false, errors: diagnostics.errors.map((each) => `${each.policyId}: ${errorText(each.error)}`) };
    }
    return { ok: true, effect: decision, ids: diagnostics.reason };
  } catch (error) {
    return { ok: false, errors: [error instanceof Error ? error.message : String(error)] };
  }
}

/** One readable line of a Cedar error, with its help. */
export function errorText(error: DetailedError): string {
  return error.help ? `${error.message} (${error.help})` : error.message;
}

function slotFor(slice: PolicySlice): string {
  prepareSchema();
  const held = slotOfSlice.get(slice.key);
  if (held !== undefined) return held;
  const slot = freeSlots.pop() ?? slotOfSlice.takeOldest()!;
  const staticPolicies = Object.fromEntries(slice.policies.map((policy) => [policy.id, policy.text]));
  const parsed = preparsePolicySet(slot, { staticPolicies });
  if (parsed.type === "failure") {
    freeSlots.push(slot);
    throw new Error(parsed.errors.map(errorText).join("; "));
  }
  slotOfSlice.set(slice.key, slot);
  return slot;
}

function prepareSchema(): void {
  if (schemaReady) return;
  const parsed = preparseSchema(schemaName, cedarSchema);
  if (parsed.type === "failure") throw new Error(parsed.errors.map(errorText).join("; "));
  schemaReady = true;
}

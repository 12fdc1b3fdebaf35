import { isAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActionName } from "@/lib/sql/types";
import { policiesFor } from "./ask-slice";
import { askedRequest, askerOf } from "./asked-request";
import { statementContext } from "./context";
import { decide } from "./decide";
import { peopleOf } from "./entities";
import { sampleAgent, sampleAsk, sampleBundle, sampleInput, samplePerson } from "./sample-input";
import { cedarSchema } from "./schema";
import type { DecisionInput } from "./types";

const principals = [
  "principal",
  'principal in Group::"agents"',
  'principal in Group::"fraud"',
  'principal == Agent::"robot"',
  "principal is Person",
  'principal is Agent in Group::"maintenance"',
];
const actions = [
  "action",
  'action == Action::"select"',
  'action == Action::"read"',
  'action in Action::"read"',
  'action in [Action::"delete", Action::"read"]',
  'action in Action::"write"',
];
const resources = [
  "resource",
  "resource is Table",
  'resource in Database::"shop"',
  'resource in Schema::"shop.private"',
  'resource == Table::"shop.public.orders"',
  'resource is Table in Schema::"shop.public"',
  'resource in DatabaseLabel::"env=production"',
  'resource in DatabaseLabel::"env=test"',
];

const conditions = [
  "",
  'when { principal in Group::"agents" }',
  'unless { principal == Agent::"robot" }',
  'when { principal is Agent && principal.owner == Person::"owner@example.com" }',
  'when { resource == Table::"shop.public.orders" }',
  'unless { resource in Schema::"shop.private" }',
  "unless { context.session.tls }",
];

const scope = fc.tuple(
  fc.constantFrom("permit", "forbid"),
  fc.constantFrom(...principals),
  fc.constantFrom(...actions),
  fc.constantFrom(...resources),
  fc.constantFrom(...conditions),
);
const asker = fc.tuple(
  fc.constantFrom(
    sampleAgent,
    samplePerson,
    { ...sampleAgent, owner: "other@example.com" },
    { ...sampleAgent, name: "second", groups: ["agents", "maintenance"] },
    { ...samplePerson, groups: [] },
  ),
  fc.constantFrom<ActionName>("select", "delete", "insert"),
  fc.constantFrom("shop.public.orders", "shop.public.customers", "shop.private.keys"),
);

/** What Cedar says when it is given every policy, in a form that the decision can be compared with. */
function askWhole(texts: readonly string[], input: DecisionInput) {
  const ask = input.asks[0]!;
  const request = askedRequest(askerOf(input, input.statement), ask)!;
  const answer = isAuthorized({
    principal: { type: request.principal.type, id: request.principal.id },
    action: { type: "Action", id: ask.action },
    resource: { type: "Table", id: ask.resource.id },
    context: statementContext(input, ask),
    entities: [request.principal.entity, request.resource.entity, ...peopleOf(input)],
    schema: cedarSchema,
    validateRequest: true,
    policies: { staticPolicies: Object.fromEntries(texts.map((text, at) => [`p${at}`, text])) },
  });
  if (answer.type === "failure") throw new Error(answer.errors[0]?.message);
  return { effect: answer.response.decision, policies: answer.response.diagnostics.reason.toSorted() };
}

describe("the slice of policies that a request is asked of", () => {
  it("answers like the whole set, remembered answers included", () => {
    const property = fc.property(
      fc.array(scope, { minLength: 1, maxLength: 12 }),
      fc.array(asker, { minLength: 1, maxLength: 8 }),
      (scopes, askers) => {
        const texts = scopes.map(([effect, principal, action, resource, condition], at) => {
          return `@id("p${at}") ${effect} (${principal}, ${action}, ${resource}) ${condition};`;
        });
        const bundle = sampleBundle(texts.join("\n"));
        for (const [principal, action, table] of askers) {
          const input = sampleInput({ principal, asks: [sampleAsk(action, table)] });
          const { effect, policies } = decide(bundle, input).decision;
          expect({ effect, policies: policies.toSorted() }).toEqual(askWhole(texts, input));
        }
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  it("holds few of many policies", () => {
    const many = Array.from(
      { length: 1000 },
      (_, at) => `@id("p${at}") forbid (principal == Agent::"a${at}", action in Action::"write", resource);`,
    );
    const bundle = sampleBundle(`${many.join("\n")}\n@id("all") permit (principal, action, resource);`);
    const input = sampleInput({ principal: { ...sampleAgent, name: "a7" }, asks: [sampleAsk("insert")] });
    const request = askedRequest(askerOf(input, input.statement), input.asks[0]!)!;
    const slice = policiesFor(bundle.byAction.get("insert")?.enforced ?? [], request);
    expect(slice.map((policy) => policy.id)).toEqual(["p7", "all"]);
  });
});

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

const scope = fc.tuple(
  fc.constantFrom("permit", "forbid"),
  fc.constantFrom(...principals),
  fc.constantFrom(...actions),
  fc.constantFrom(...resources),
);

describe("the slice of policies that a request is asked of", () => {
  it("answers like the whole set", () => {
    const property = fc.property(
      fc.array(scope, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(sampleAgent, samplePerson),
      fc.constantFrom<ActionName>("select", "delete", "insert"),
      fc.constantFrom("shop.public.orders", "shop.private.keys"),
      (scopes, principal, action, table) => {
        const texts = scopes.map(([effect, ...parts], at) => `@id("p${at}") ${effect} (${parts.join(", ")});`);
        const bundle = sampleBundle(texts.join("\n"));
        const input = sampleInput({ principal, asks: [sampleAsk(action, table)] });
        const request = askedRequest(askerOf(input, input.statement), input.asks[0]!)!;
        const whole = isAuthorized({
          principal: { type: request.principal.type, id: request.principal.id },
          action: { type: "Action", id: action },
          resource: { type: "Table", id: table },
          context: statementContext(input, input.asks[0]!),
          entities: [request.principal.entity, request.resource.entity, ...peopleOf(input)],
          schema: cedarSchema,
          validateRequest: true,
          policies: { staticPolicies: Object.fromEntries(texts.map((text, at) => [`p${at}`, text])) },
        });
        const { decision } = decide(bundle, input);
        if (whole.type === "failure") throw new Error(whole.errors[0]?.message);
        expect(decision.effect).toBe(whole.response.decision);
        expect([...decision.policies].sort()).toEqual([...whole.response.diagnostics.reason].sort());
      },
    );
    fc.assert(property, { numRuns: 150 });
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

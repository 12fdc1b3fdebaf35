import { policyToJson } from "@cedar-policy/cedar-wasm/nodejs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "./decide";
import { sampleAsk, sampleBundle, sampleInput } from "./sample-input";
import type { DecisionInput } from "./types";
import { type AttributeRead, combineReads, decisionKey, grantsKey, policyReads, statementKey } from "./volatile";

function readsOf(condition: string): Record<string, AttributeRead> {
  const parsed = policyToJson(`forbid (principal, action, resource) when { ${condition} };`);
  if (parsed.type === "failure") throw new Error(parsed.errors[0]?.message);
  const { grants, sensitivity, ...sections } = policyReads(parsed.json);
  const flat = Object.entries(sections).flatMap(([section, reads]) =>
    Object.entries(reads).map(([name, read]) => [`${section}.${name}`, read] as const),
  );
  return Object.fromEntries(
    [...flat, ["grants", grants] as const, ["sensitivity", sensitivity] as const].filter(([, read]) => read !== "none"),
  );
}

const allExact = [
  ...["clientAddress", "applicationName", "tls", "inTransaction", "onBehalfOf", "reason", "breakGlass"].map(
    (name) => `session.${name}`,
  ),
];

describe("policyReads", () => {
  it.each<[string, Record<string, AttributeRead>]>([
    ["context.time.hour >= 22", { "time.hour": [22] }],
    ["context.time.hour > 22", { "time.hour": [23] }],
    ["context.time.hour < 6", { "time.hour": [6] }],
    ["context.time.hour <= 6", { "time.hour": [7] }],
    ["context.time.weekday == 6", { "time.weekday": [6, 7] }],
    ["context.time.weekday != 6", { "time.weekday": [6, 7] }],
    ["6 > context.time.hour", { "time.hour": [6] }],
    ["6 >= context.time.hour", { "time.hour": [7] }],
    ["22 <= context.time.hour", { "time.hour": [22] }],
    ["!(context.time.hour < 6) || context.time.hour >= 22", { "time.hour": [6, 22] }],
    ["[6, 7].contains(context.time.weekday)", { "time.weekday": [6, 7, 8] }],
    ["context.usage.rowsLastHour > -5", { "usage.rowsLastHour": [-4] }],
    [
      "if context.usage.rowsLastHour > 5 then true else context.session.tls",
      { "usage.rowsLastHour": [6], "session.tls": "exact" },
    ],
    ["context.time.hour * 2 > 5", { "time.hour": "exact" }],
    ["context.time.hour > context.time.weekday", { "time.hour": "exact", "time.weekday": "exact" }],
    ["context.time.epochSeconds > 9007199254740993", { "time.epochSeconds": "exact" }],
    ["[context.time.hour, 5].contains(3)", { "time.hour": "exact" }],
    ["[context.time.hour].contains(context.time.weekday)", { "time.hour": "exact", "time.weekday": "exact" }],
    ["context.time.hour > 5 && context.time.hour + 1 > 7", { "time.hour": "exact" }],
    ["context.session has reason", { "session.reason": "exact" }],
    ["context has session.reason", { "session.reason": "exact" }],
    ['context.session.onBehalfOf.email like "*x"', { "session.onBehalfOf": "exact" }],
    ['context.session.clientAddress.isInRange(ip("10.0.0.0/8"))', { "session.clientAddress": "exact" }],
    ['context.grants.contains("g")', { grants: "exact" }],
    ['context.sensitivity.containsAny([Label::"x"])', { sensitivity: "exact" }],
    [
      "context.statement has estimatedRows && context.statement.estimatedRows > 10",
      { "statement.estimatedRows": "exact" },
    ],
    ["context.statement.statementsInBatch > 1", { "statement.statementsInBatch": [2] }],
    [
      "{ Value: context.time.hour, attr: context.time.weekday }.Value > 3",
      { "time.hour": "exact", "time.weekday": "exact" },
    ],
    ["principal is Agent", {}],
    ['"context.time.hour" == "x"', {}],
  ])("%s", (condition, expected) => {
    expect(readsOf(condition)).toEqual(expected);
  });

  it("counts a whole record as all its attributes", () => {
    expect(Object.keys(readsOf("context.session == context.session"))).toEqual(allExact);
    expect(Object.keys(readsOf("[context].contains(context)")).length).toBe(21);
  });

  it("adds up over policies", () => {
    const reads = sampleBundle(`
      @id("a") forbid (principal, action, resource) when { context.time.hour > 5 };
      @id("b") forbid (principal, action, resource) unless { context.time.hour < 3 };
      @id("c") @mode("off") forbid (principal, action, resource) when { context.session.tls };
    `).reads;
    expect(reads.time.hour).toEqual([3, 6]);
    expect(reads.session.tls).toBe("none");
    expect(combineReads([]).time.hour).toBe("none");
  });
});

describe("decisionKey", () => {
  const hourly = sampleBundle(
    '@id("a") forbid (principal, action, resource) when { context.time.hour >= 22 || context.time.hour < 6 };',
  ).reads;
  const keyAt = (hour: number) =>
    decisionKey(hourly, { ...sampleInput(), time: { epochSeconds: hour, hour, weekday: 1 } });

  it("stays the same within an interval and changes at its ends", () => {
    const keys = Array.from({ length: 24 }, (_, hour) => keyAt(hour));
    expect(new Set(keys.slice(0, 6)).size).toBe(1);
    expect(new Set(keys.slice(6, 22)).size).toBe(1);
    expect(new Set(keys).size).toBe(3);
  });

  it("leaves out what no policy reads", () => {
    const session = { ...sampleInput().session, applicationName: "other" };
    expect(decisionKey(hourly, { ...sampleInput(), session })).toBe(decisionKey(hourly, sampleInput()));
  });
});

describe("keys", () => {
  const integers = fc.integer({ min: -2, max: 8 });
  const operand = fc.constantFrom(
    "context.time.hour",
    "context.time.weekday",
    "context.usage.rowsLastHour",
    "context.statement.statementsInBatch",
  );
  const operator = fc.constantFrom("<", "<=", ">", ">=", "==", "!=");
  const atom = fc.oneof(
    fc.tuple(operand, operator, integers).map(([left, sign, right]) => `${left} ${sign} ${right}`),
    fc.tuple(integers, operator, operand).map(([left, sign, right]) => `${left} ${sign} ${right}`),
    fc.tuple(operand, operator, operand).map(([left, sign, right]) => `${left} ${sign} ${right}`),
    fc
      .tuple(operand, integers, operator, integers)
      .map(([left, add, sign, right]) => `${left} + ${add} ${sign} ${right}`),
    fc
      .tuple(fc.array(integers, { minLength: 1, maxLength: 3 }), operand)
      .map(([set, right]) => `[${set.join(", ")}].contains(${right})`),
    fc.constantFrom(
      "context.session.tls",
      "context.session.breakGlass",
      "context.session has reason",
      '(context.session has reason && context.session.reason like "a*")',
      'context.grants.contains("g")',
      'context.sensitivity.contains(Label::"pii.email")',
      "context.statement.hasWhere",
      'context.session.clientAddress.isInRange(ip("10.0.0.0/8"))',
    ),
  );
  const condition = fc.oneof(
    atom,
    fc.tuple(atom, fc.constantFrom("&&", "||"), atom).map(([left, sign, right]) => `(${left}) ${sign} (${right})`),
    atom.map((inner) => `!(${inner})`),
    fc.tuple(atom, atom, atom).map(([a, b, c]) => `if ${a} then ${b} else ${c}`),
  );
  const facts = fc.record({
    hour: integers,
    weekday: integers,
    rows: integers,
    batch: integers,
    tls: fc.boolean(),
    breakGlass: fc.boolean(),
    hasWhere: fc.boolean(),
    reason: fc.constantFrom(undefined, "abc", "bcd"),
    grants: fc.constantFrom<string[]>([], ["g"], ["h", "g"]),
    sensitivity: fc.constantFrom<string[]>([], ["pii.email"]),
    clientAddress: fc.constantFrom("10.0.0.1", "192.0.2.1"),
  });
  type Facts = typeof facts extends fc.Arbitrary<infer Value> ? Value : never;

  function inputOf(of: Facts): DecisionInput {
    const base = sampleInput();
    const { tls, breakGlass, clientAddress, reason } = of;
    return {
      ...base,
      session: { ...base.session, tls, breakGlass, clientAddress, reason },
      time: { epochSeconds: 1, hour: of.hour, weekday: of.weekday },
      usage: { rowsLastHour: of.rows, statementsLastHour: 0 },
      grants: of.grants,
      statement: { ...base.statement, statementsInBatch: of.batch, sensitivity: of.sensitivity },
      asks: [{ ...sampleAsk("select"), hasWhere: of.hasWhere }],
    };
  }

  it("are equal only where decisions are", () => {
    const property = fc.property(
      condition,
      condition,
      fc.array(facts, { minLength: 2, maxLength: 12 }),
      (first, second, many) => {
        const scope = '(principal, action == Action::"select", resource)';
        const cedar = `@id("all") permit (principal, action, resource); @id("a") forbid ${scope} when { ${first} }; @id("b") @hold("security") forbid ${scope} when { ${second} };`;
        const bundle = sampleBundle(cedar);
        const known = new Map<string, string>();
        for (const each of many) {
          const input = inputOf(each);
          const where = { hasWhere: each.hasWhere, whereIsConstant: false };
          const key = [
            decisionKey(bundle.reads, input),
            grantsKey(bundle.reads, input.grants),
            statementKey(bundle.reads, { ...input.statement, ...where }),
          ].join("\n");
          // A bundle of its own remembers nothing of the others.
          const decision = JSON.stringify(decide(sampleBundle(cedar), input).decision);
          expect(known.get(key) ?? decision).toBe(decision);
          known.set(key, decision);
          expect(JSON.stringify(decide(bundle, input).decision)).toBe(decision);
        }
      },
    );
    fc.assert(property, { numRuns: 40 });
  });
});

import { describe, expect, it } from "vitest";
import { decide, mayConnect } from "./decide";
import { sampleAgent, sampleAsk, sampleBundle, sampleInput, samplePerson } from "./sample-input";
import type { DecisionInput } from "./types";

const permits = `
@id("sessions") permit (principal, action in Action::"session", resource);
@id("agents-read") permit (principal in Group::"agents", action in Action::"read", resource in Database::"shop");
@id("agents-write") permit (principal in Group::"agents", action in Action::"write", resource in Database::"shop");
`;
const holdDeletes = `
@id("hold-deletes") @hold("security") @reason("deletes need a second person")
forbid (principal, action == Action::"delete", resource in DatabaseLabel::"env=production");
`;

function decided(cedar: string, over: Partial<DecisionInput>) {
  return decide(sampleBundle(cedar), sampleInput(over)).decision;
}

describe("decide", () => {
  it("allows what a permit covers and no forbid meets", () => {
    const { decision, requests } = decide(sampleBundle(permits), sampleInput({ asks: [sampleAsk("select")] }));
    expect(decision).toEqual({ effect: "allow", policies: ["agents-read"], observed: [] });
    expect(requests).toEqual([
      { action: "select", resource: 'Table::"shop.public.orders"', effect: "allow", policies: ["agents-read"] },
    ]);
  });

  it("allows a statement that asks nothing", () => {
    expect(decided("", { asks: [] })).toEqual({ effect: "allow", policies: [], observed: [] });
  });

  it("denies what no policy permits and names the permit that is nearest", () => {
    expect(decided(permits, { asks: [sampleAsk("drop")] })).toEqual({
      effect: "deny",
      sqlstate: "42501",
      policies: [],
      reason: "no policy permits drop on shop.public.orders",
      hint: expect.stringMatching(/^the nearest permit is sessions, which asks for action connect, set/),
      observed: [],
    });
  });

  it("says when only a condition of the nearest permit is unmet", () => {
    const cedar =
      '@id("tls-only") permit (principal, action == Action::"select", resource) when { !context.session.tls };';
    expect(decided(cedar, { asks: [sampleAsk("select")] })).toMatchObject({
      hint: "policy tls-only would permit it, but its conditions are not met",
    });
  });

  it("denies with the reason of the forbid", () => {
    const cedar = `${permits}@id("no") @reason("not here") forbid (principal, action == Action::"select", resource);`;
    expect(decided(cedar, { asks: [sampleAsk("select")] })).toEqual({
      effect: "deny",
      sqlstate: "42501",
      policies: ["no"],
      reason: "not here",
      hint: "ask an admin about policy no, or connect as a principal that it does not cover",
      observed: [],
    });
  });

  it("has a sentence for a forbid without a reason", () => {
    const cedar = `${permits}@id("no") forbid (principal, action == Action::"select", resource);`;
    expect(decided(cedar, { asks: [sampleAsk("select")] })).toMatchObject({
      reason: "policy no forbids select on shop.public.orders",
    });
  });

  it("holds what a permit covers and a hold meets", () => {
    expect(decided(permits + holdDeletes, { asks: [sampleAsk("delete")] })).toEqual({
      effect: "hold",
      policies: ["hold-deletes"],
      reason: "deletes need a second person",
      terms: {
        quorum: [{ group: "security", count: 1 }],
        also: [],
        expiresSeconds: 1800,
        waitSeconds: 120,
        lasts: "once",
        channels: ["console", "slack", "email"],
        severity: "medium",
      },
      observed: [],
    });
  });

  it("denies, and pages nobody, where a hold meets what nobody permits", () => {
    expect(decided(holdDeletes, { asks: [sampleAsk("delete")] })).toMatchObject({ effect: "deny", policies: [] });
  });

  it("denies where a forbid meets what is held", () => {
    const cedar = `${permits}${holdDeletes}@id("no") forbid (principal, action == Action::"delete", resource);`;
    expect(decided(cedar, { asks: [sampleAsk("delete")] })).toMatchObject({ effect: "deny", policies: ["no"] });
  });

  it("allows a held statement when an approval waives every hold", () => {
    const over = { asks: [sampleAsk("delete")], waived: ["hold-deletes"] };
    expect(decided(permits + holdDeletes, over)).toEqual({ effect: "allow", policies: ["agents-write"], observed: [] });
  });

  it("still holds for the hold that is not waived", () => {
    const cedar = `${permits}${holdDeletes}@id("more") @hold("data-owners") forbid (principal, action == Action::"delete", resource);`;
    expect(decided(cedar, { asks: [sampleAsk("delete")], waived: ["hold-deletes"] })).toMatchObject({
      effect: "hold",
      policies: ["more"],
      terms: { quorum: [{ group: "data-owners", count: 1 }] },
    });
  });

  it("never waives a forbid that does not hold", () => {
    const cedar = `${permits}@id("no") forbid (principal, action == Action::"delete", resource);`;
    expect(decided(cedar, { asks: [sampleAsk("delete")], waived: ["no"] })).toMatchObject({ effect: "deny" });
  });

  it("takes the strictest answer over all asks", () => {
    const cedar = `${permits}${holdDeletes}@id("no") forbid (principal, action == Action::"select", resource == Table::"shop.public.secrets");`;
    const asks = [sampleAsk("delete"), sampleAsk("select"), sampleAsk("select", "shop.public.secrets")];
    const { decision, requests } = decide(sampleBundle(cedar), sampleInput({ asks }));
    expect(decision).toMatchObject({ effect: "deny", policies: ["no"] });
    expect(requests.map((request) => request.effect)).toEqual(["hold", "allow", "deny"]);
    expect(decided(cedar, { asks: asks.slice(0, 2) })).toMatchObject({ effect: "hold" });
  });

  it("answers a budget with 53400, unless another forbid refuses too", () => {
    const budget =
      '@id("budget") @budget("rows") @reason("used up") forbid (principal, action == Action::"select", resource) when { context.usage.rowsLastHour > 10 };';
    const over = { asks: [sampleAsk("select")], usage: { rowsLastHour: 11, statementsLastHour: 0 } };
    expect(decided(permits + budget, over)).toMatchObject({
      sqlstate: "53400",
      policies: ["budget"],
      reason: "used up",
    });
    const no = '@id("no") forbid (principal, action == Action::"select", resource);';
    expect(decided(permits + budget + no, over)).toMatchObject({
      sqlstate: "42501",
      policies: ["budget", "no"],
      reason: "policy no forbids select on shop.public.orders",
    });
    const atLimit = { ...over, usage: { rowsLastHour: 10, statementsLastHour: 0 } };
    expect(decided(permits + budget, atLimit)).toMatchObject({ effect: "allow" });
  });

  it("asks a DML node by its own WHERE", () => {
    const cedar = `${permits}@id("bounded") forbid (principal, action == Action::"delete", resource) when { !context.statement.hasWhere || context.statement.whereIsConstant };`;
    const ask = sampleAsk("delete");
    expect(decided(cedar, { asks: [ask] })).toMatchObject({ effect: "allow" });
    expect(decided(cedar, { asks: [{ ...ask, hasWhere: false }] })).toMatchObject({ effect: "deny" });
    expect(decided(cedar, { asks: [ask, { ...ask, whereIsConstant: true }] })).toMatchObject({ effect: "deny" });
  });

  it.each([
    ["an open scope", "permit (principal, action, resource);"],
    ["the principal itself", 'permit (principal == Agent::"robot", action, resource);'],
    ["a kind of principal in a group", 'permit (principal is Agent in Group::"agents", action, resource);'],
    ["an action group", 'permit (principal, action in [Action::"read", Action::"ddl"], resource);'],
    ["the schema", 'permit (principal, action, resource in Schema::"shop.public");'],
    ["the database", 'permit (principal, action, resource in Database::"shop");'],
    ["a label of the database", 'permit (principal, action, resource in DatabaseLabel::"env=production");'],
    ["the table itself", 'permit (principal, action, resource == Table::"shop.public.orders");'],
    [
      "the owner",
      'permit (principal is Agent, action, resource) when { principal.owner == Person::"owner@example.com" };',
    ],
    [
      "the owner's address",
      'permit (principal is Agent, action, resource) when { principal.owner.email like "*@example.com" };',
    ],
    ["a grant", 'permit (principal, action == Action::"select", resource) when { context.grants.contains("g1") };'],
    [
      "the client's network",
      'permit (principal, action == Action::"select", resource) when { context.session.clientAddress.isInRange(ip("10.0.0.0/8")) };',
    ],
    [
      "the tables",
      'permit (principal, action == Action::"select", resource) when { context.statement.tables.contains(Table::"shop.public.orders") };',
    ],
    [
      "the person acted for",
      'permit (principal, action == Action::"select", resource) when { context.session has onBehalfOf && context.session.onBehalfOf.email == "ann@example.com" };',
    ],
  ])("matches %s", (_, policy) => {
    const session = { ...sampleInput().session, onBehalfOf: "ann@example.com" };
    const decision = decided(`@id("p") ${policy}`, { asks: [sampleAsk("select")], grants: ["g1"], session });
    expect(decision).toMatchObject({ effect: "allow" });
  });

  it.each([
    ["::ffff:10.1.2.3", "10.0.0.0/8"],
    ["fe80::1%eth0", "fe80::/16"],
    ["2001:db8::7", "2001:db8::/32"],
  ])("understands the client address %s", (clientAddress, range) => {
    const cedar = `@id("p") permit (principal, action == Action::"select", resource) when { context.session.clientAddress.isInRange(ip("${range}")) };`;
    const session = { ...sampleInput().session, clientAddress };
    expect(decided(cedar, { asks: [sampleAsk("select")], session })).toMatchObject({ effect: "allow" });
  });

  it("quotes names in ids", () => {
    const cedar =
      '@id("p") permit (principal, action == Action::"select", resource == Table::"shop.public.\\"Order Items\\"");';
    expect(decided(cedar, { asks: [sampleAsk("select", 'shop.public."Order Items"')] })).toMatchObject({
      effect: "allow",
    });
  });
});

describe("decide, where it cannot be sure", () => {
  const open = '@id("all") permit (principal, action, resource);';

  it.each([
    ["a resource of another database", { asks: [sampleAsk("select", "other.public.orders")] }],
    ["a resource with too few parts", { asks: [sampleAsk("select", "shop.orders")] }],
    ["a resource that is no id", { asks: [sampleAsk("select", "shop..orders")] }],
    ["an agent without an owner", { principal: { ...sampleAgent, owner: undefined } }],
    ["a principal without a name", { principal: { ...samplePerson, name: "" } }],
    ["an address that is none", { session: { ...sampleInput().session, clientAddress: "localhost" } }],
    ["an hour that is no whole number", { time: { epochSeconds: 1, hour: 1.5, weekday: 1 } }],
    ["usage that is not known", { usage: { rowsLastHour: Number.NaN, statementsLastHour: 0 } }],
    ["an action that cannot be asked on the resource", { asks: [sampleAsk("insert", "shop", "Database")] }],
  ])("refuses %s with ZS003", (_, over) => {
    expect(decided(open, { asks: [sampleAsk("select")], ...over })).toMatchObject({
      effect: "deny",
      sqlstate: "ZS003",
    });
  });

  const overflow = "context.usage.rowsLastHour * 9223372036854775807 > 0";
  const usage = { rowsLastHour: 5, statementsLastHour: 0 };

  it.each([
    ["a forbid", `@id("bad") forbid (principal, action == Action::"delete", resource) when { ${overflow} };`],
    [
      "a hold",
      `@id("bad") @hold("security") forbid (principal, action == Action::"delete", resource) when { ${overflow} };`,
    ],
    ["a permit", `@id("bad") permit (principal, action == Action::"delete", resource) when { ${overflow} };`],
  ])("refuses when %s fails to evaluate, instead of losing it", (_, policy) => {
    const decision = decided(open + policy, { asks: [sampleAsk("delete")], usage });
    expect(decision).toMatchObject({ effect: "deny", sqlstate: "ZS003", reason: expect.stringContaining("overflow") });
  });

  it("says what a forbid says even when a hold fails to evaluate", () => {
    const cedar = `${open}@id("no") forbid (principal, action == Action::"delete", resource);
      @id("bad") @hold("security") forbid (principal, action == Action::"delete", resource) when { ${overflow} };`;
    expect(decided(cedar, { asks: [sampleAsk("delete")], usage })).toMatchObject({
      sqlstate: "42501",
      policies: ["no"],
    });
  });

  it("puts ZS003 above a policy's refusal and that above a budget's", () => {
    const cedar = `${open}
      @id("no") forbid (principal, action == Action::"delete", resource);
      @id("spent") @budget("rows") forbid (principal, action == Action::"select", resource) when { context.usage.rowsLastHour > 1 };`;
    const asks = [sampleAsk("select"), sampleAsk("delete"), sampleAsk("update", "other.public.x")];
    expect(decided(cedar, { asks, usage })).toMatchObject({ sqlstate: "ZS003" });
    expect(decided(cedar, { asks: asks.slice(0, 2), usage })).toMatchObject({ sqlstate: "42501", policies: ["no"] });
  });

  it("refuses when a policy reads an estimate that could not be had", () => {
    const cedar = `${open}@id("large") forbid (principal, action in [Action::"select", Action::"create"], resource)
      when { context.statement has estimatedRows && context.statement.estimatedRows > 1000 };`;
    expect(decided(cedar, { asks: [sampleAsk("select")] })).toMatchObject({ sqlstate: "ZS003", policies: ["large"] });
    const statement = { ...sampleInput().statement, estimatedRows: 1000 };
    expect(decided(cedar, { asks: [sampleAsk("select")], statement })).toMatchObject({ effect: "allow" });
    const many = { ...statement, estimatedRows: 1001 };
    expect(decided(cedar, { asks: [sampleAsk("select")], statement: many })).toMatchObject({ sqlstate: "42501" });
    // Nothing can be estimated about a CREATE.
    expect(decided(cedar, { asks: [sampleAsk("create")] })).toMatchObject({ effect: "allow" });
  });
});

describe("policies that observe or are off", () => {
  const no = (mode: string) =>
    `${permits}@id("no") @mode("${mode}") forbid (principal, action == Action::"select", resource);`;

  it("records what an observing forbid would have done and does not do it", () => {
    expect(decided(no("observe"), { asks: [sampleAsk("select"), sampleAsk("select")] })).toEqual({
      effect: "allow",
      policies: ["agents-read"],
      observed: [{ policies: ["no"], effect: "deny", errors: [] }],
    });
  });

  it("records an observing policy's error and does not refuse for it", () => {
    const cedar = `${permits}@id("bad") @mode("observe") forbid (principal, action == Action::"select", resource) when { context.usage.rowsLastHour * 9223372036854775807 > 0 };`;
    const usage = { rowsLastHour: 5, statementsLastHour: 0 };
    expect(decided(cedar, { asks: [sampleAsk("select")], usage })).toMatchObject({
      effect: "allow",
      observed: [{ policies: ["bad"], errors: [expect.stringContaining("overflow")] }],
    });
  });

  it("lets an observing permit permit nothing", () => {
    const cedar = '@id("p") @mode("observe") permit (principal, action, resource);';
    expect(decided(cedar, { asks: [sampleAsk("select")] })).toMatchObject({ effect: "deny" });
  });

  it("does not ask a policy that is off", () => {
    expect(decided(no("off"), { asks: [sampleAsk("select")] })).toMatchObject({ effect: "allow", observed: [] });
  });
});

describe("mayConnect", () => {
  const facts = sampleInput();

  it("allows what a permit on connect covers", () => {
    expect(mayConnect(sampleBundle(permits), facts)).toMatchObject({ effect: "allow", policies: ["sessions"] });
  });

  it("denies a bundle without policies", () => {
    expect(mayConnect(sampleBundle(""), facts)).toMatchObject({
      effect: "deny",
      sqlstate: "42501",
      reason: "no policy permits connect on database shop",
    });
  });

  it("reads session, time and usage", () => {
    const cedar = `${permits}@id("tls") @reason("use TLS") forbid (principal, action == Action::"connect", resource) unless { context.session.tls };`;
    expect(mayConnect(sampleBundle(cedar), facts)).toMatchObject({ effect: "allow" });
    const session = { ...facts.session, tls: false };
    expect(mayConnect(sampleBundle(cedar), { ...facts, session })).toMatchObject({ effect: "deny", reason: "use TLS" });
  });

  it("finds a database whose name needs quotes", () => {
    const database = { name: "My Shop", labels: {} };
    expect(mayConnect(sampleBundle(permits), { ...facts, database })).toMatchObject({ effect: "allow" });
  });
});

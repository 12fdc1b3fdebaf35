import { describe, expect, it } from "vitest";
import { sampleBundle, sampleInput, samplePerson } from "./sample-input";
import { askUnmask, unmaskedColumns } from "./unmask";

const email = { id: "shop.public.customers.email", labels: ["pii.email"] };
const name = { id: "shop.public.customers.name", labels: ["pii.name"] };
const input = sampleInput({ principal: samplePerson });
const fraud =
  '@id("fraud") permit (principal in Group::"fraud", action == Action::"unmask", resource in Label::"pii.email");';

describe("unmaskedColumns", () => {
  it("unmasks the columns that a policy names, by label", () => {
    expect([...unmaskedColumns(sampleBundle(fraud), input, [email, name])]).toEqual([email.id]);
  });

  it.each([
    ["the column", 'resource == Column::"shop.public.customers.email"'],
    ["its table", 'resource in Table::"shop.public.customers"'],
    ["its database", 'resource in Database::"shop"'],
  ])("unmasks by %s", (_, resource) => {
    const cedar = `@id("p") permit (principal, action == Action::"unmask", ${resource});`;
    expect([...unmaskedColumns(sampleBundle(cedar), input, [email])]).toEqual([email.id]);
  });

  it("unmasks when unmask is one of the actions that are named", () => {
    const cedar = '@id("p") permit (principal, action in [Action::"select", Action::"unmask"], resource);';
    expect([...unmaskedColumns(sampleBundle(cedar), input, [email])]).toEqual([email.id]);
  });

  it("unmasks nothing for an open scope or a group", () => {
    const cedar =
      '@id("p") permit (principal, action, resource); @id("q") permit (principal, action in Action::"read", resource);';
    expect(askUnmask(sampleBundle(cedar), input, [email])).toEqual({ permitted: new Set(), forbidden: new Set() });
  });

  it("is not undone by a forbid with an open scope, nor by one that observes", () => {
    const cedar = `${fraud}@id("all") forbid (principal, action, resource);
      @id("look") @mode("observe") forbid (principal, action == Action::"unmask", resource);`;
    expect([...unmaskedColumns(sampleBundle(cedar), input, [email])]).toEqual([email.id]);
  });

  it("lets a forbid beat permits, rules and grants", () => {
    const cedar = `${fraud}@id("never") forbid (principal, action == Action::"unmask", resource);`;
    expect(askUnmask(sampleBundle(cedar), input, [email, name])).toEqual({
      permitted: new Set(),
      forbidden: new Set([email.id, name.id]),
    });
  });

  it("says nothing about columns that no policy names", () => {
    expect(askUnmask(sampleBundle(fraud), input, [name])).toEqual({ permitted: new Set(), forbidden: new Set() });
  });

  it("forbids what it cannot decide", () => {
    const cedar = `${fraud}@id("bad") permit (principal, action == Action::"unmask", resource) when { context.usage.rowsLastHour * 9223372036854775807 > 0 };`;
    const usage = { rowsLastHour: 5, statementsLastHour: 0 };
    expect(askUnmask(sampleBundle(cedar), { ...input, usage }, [email]).forbidden).toEqual(new Set([email.id]));
    const elsewhere = { id: "other.public.customers.email", labels: [] };
    expect(askUnmask(sampleBundle(fraud), input, [elsewhere]).forbidden).toEqual(new Set([elsewhere.id]));
  });
});

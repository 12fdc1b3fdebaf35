import { describe, expect, it } from "vitest";
import { runBundleTests, type TestOutcome, unmetExpectations } from "./run-tests";
import { type BundleTest, readTestsFile } from "./tests-file";
import type { HoldTerms } from "./types";

const terms: HoldTerms = {
  quorum: [{ group: "security", count: 1 }],
  also: ["data-owners"],
  expiresSeconds: 60,
  waitSeconds: 60,
  lasts: "once",
  channels: ["console"],
  severity: "high",
};
const allowed: TestOutcome = {
  decision: { effect: "allow", policies: ["p"], observed: [] },
  masked: ["shop.public.customers.email"],
};
const denied: TestOutcome = {
  decision: { effect: "deny", sqlstate: "42501", policies: ["no"], reason: "not here", hint: "", observed: [] },
  masked: [],
};
const held: TestOutcome = {
  decision: { effect: "hold", policies: ["h"], reason: "wait", terms, observed: [] },
  masked: [],
};
const refused: TestOutcome = { ...allowed, refusal: { sqlstate: "0A000", message: "not supported", hint: "" } };

function expecting(over: Partial<BundleTest>): BundleTest {
  return {
    name: "t",
    principal: "agent/a",
    database: "shop",
    statement: "SELECT 1",
    expect: "allow",
    file: "tests/a.yaml",
    ...over,
  };
}

describe("unmetExpectations", () => {
  it.each<[Partial<BundleTest>, TestOutcome, string[]]>([
    [{}, allowed, []],
    [{ expect: "deny" }, allowed, ["expected deny, got allow by p"]],
    [{ expect: "allow" }, denied, ["expected allow, got deny by no: not here"]],
    [{ expect: "deny", sqlstate: "42501", reason: "not", policies: ["no"] }, denied, []],
    [{ expect: "deny", sqlstate: "53400" }, denied, ["expected SQLSTATE 53400, got 42501"]],
    [{ expect: "deny", reason: "never" }, denied, ['expected a reason with "never", got "not here"']],
    [{ expect: "deny", policies: ["yes"] }, denied, ["expected policy yes to decide, got no"]],
    [{ expect: "deny" }, refused, ["expected deny, got refused (0A000): not supported"]],
    [{ expect: "refused", sqlstate: "0A000" }, refused, []],
    [{ expect: "hold", quorum: 2 }, held, []],
    [{ expect: "hold", quorum: 1 }, held, ["expected a quorum of 1, got 2"]],
    [{ quorum: 1 }, allowed, ["expected a quorum of 1, but nothing is held"]],
    [{ masked: ["customers.email"] }, allowed, []],
    [{ masked: ["shop.public.customers.email"] }, allowed, []],
    [{ masked: ["tomers.email"] }, allowed, ["expected tomers.email masked, got shop.public.customers.email"]],
    [{ masked: [] }, allowed, ["expected nothing masked, got shop.public.customers.email"]],
    [{ unmasked: ["customers.id"] }, allowed, []],
    [{ unmasked: ["customers.email"] }, allowed, ["expected customers.email in clear, but it is masked"]],
  ])("%o", (over, outcome, messages) => {
    expect(unmetExpectations(expecting(over), outcome)).toEqual(messages);
  });
});

describe("runBundleTests", () => {
  it("runs every test, and fails the one whose analysis throws", async () => {
    const tests = [expecting({ name: "a" }), expecting({ name: "b", line: 4 })];
    const results = await runBundleTests(tests, (test) => {
      if (test.name === "b") throw new Error("no such database");
      return allowed;
    });
    expect(results).toEqual([
      { name: "a", file: "tests/a.yaml", line: undefined, passed: true, messages: [] },
      {
        name: "b",
        file: "tests/a.yaml",
        line: 4,
        passed: false,
        messages: ["could not be analysed: no such database"],
      },
    ]);
  });
});

describe("readTestsFile", () => {
  it("reads tests with their lines", () => {
    const text = `# first
- name: a
  principal: agent/robot
  database: shop
  statement: SELECT 1
  expect: allow
- { name: b, principal: person/a@b.c, database: shop, statement: SELECT 1, expect: hold, quorum: 2, at: "2026-01-01T23:00:00Z" }`;
    expect(readTestsFile("tests/a.yaml", text)).toMatchObject({
      tests: [
        { name: "a", file: "tests/a.yaml", line: 2 },
        { name: "b", quorum: 2, line: 7 },
      ],
      faults: [],
    });
  });

  it.each([
    ["a principal of no kind", "principal: robot", /principal: must be/],
    ["an expectation of no kind", "expect: maybe", /expect/],
    ["a moment that is none", "at: tonight", /at/],
    ["an unknown key", "expects: allow", /expects/],
  ])("refuses %s", (_, line, message) => {
    const lines = ["name: a", "principal: agent/a", "database: shop", "statement: SELECT 1", "expect: allow"];
    const key = line.split(":")[0];
    const text = `- ${[...lines.filter((each) => !each.startsWith(`${key}:`)), line].join("\n  ")}`;
    expect(readTestsFile("tests/a.yaml", text).faults).toMatchObject([{ message: expect.stringMatching(message) }]);
  });
});

import { describe, expect, it } from "vitest";
import { compileBundle } from "./bundle";
import { sampleGroups } from "./sample-input";
import type { BundleFault, BundleFiles } from "./types";

const forbidDelete = 'forbid (principal, action == Action::"delete", resource);';

function faultsOf(files: BundleFiles | string, members?: Record<string, string[]>): BundleFault[] {
  const all = typeof files === "string" ? { "a.cedar": files } : files;
  const compilation = compileBundle({ files: all, groups: sampleGroups, members });
  return compilation.ok ? compilation.warnings : compilation.faults;
}

const refused: [title: string, cedar: string, line: number, message: RegExp][] = [
  ["a syntax error", '@id("a")\npermit (principal, action, resource)\nwhen { context. };', 3, /unexpected token/],
  [
    "a syntax error behind wide characters",
    '// é€😀\n@id("a") permit (principal, action, resource)\nwhen { "é" == };',
    3,
    /unexpected/,
  ],
  ["text after the last policy", '@id("a") permit (principal, action, resource);\nfoo', 2, /unexpected end/],
  ["an open string", '@id("a")\npermit (principal, action, resource) when { "a };', 2, /strings are closed/],
  ["a template", '@id("a")\npermit (principal == ?principal, action, resource);', 2, /template/],
  [
    "an annotation given twice",
    '@id("a") @reason("x") @reason("y")\npermit (principal, action, resource);',
    1,
    /duplicate annotation/,
  ],
  ["a policy without an id", "permit (principal, action, resource);", 1, /needs @id/],
  ["an id without a value", "@id\npermit (principal, action, resource);", 1, /@id must be/],
  ["an id with blanks", '@id("a b")\npermit (principal, action, resource);', 1, /@id must be/],
  [
    "an id that is taken",
    `@id("a")\n${forbidDelete}\n\n@id("a")\n${forbidDelete}`,
    4,
    /taken by the policy in a.cedar, line 1/,
  ],
  [
    "a misspelt annotation",
    `@id("a")\n@hlod("security")\n${forbidDelete}`,
    2,
    /unknown annotation @hlod \(did you mean "hold"\?\)/,
  ],
  [
    "an annotation that nobody knows",
    `@id("a") @frobnicate("x")\n${forbidDelete}`,
    1,
    /unknown annotation @frobnicate$/,
  ],
  [
    "a hold on a permit",
    '@id("a") @hold("security")\npermit (principal, action == Action::"delete", resource);',
    1,
    /belongs on a forbid/,
  ],
  ["a hold without a value", `@id("a")\n@hold\n${forbidDelete}`, 2, /@hold needs a value/],
  ["a hold of blanks", `@id("a")\n@hold(" ")\n${forbidDelete}`, 2, /@hold needs a value/],
  [
    "a hold of a group that does not exist",
    `@id("a")\n@hold("securty")\n${forbidDelete}`,
    2,
    /group "securty" does not exist \(did you mean "security"\?\)/,
  ],
  [
    "an @also of a group that does not exist",
    `@id("a") @hold("security")\n@also("owners")\n${forbidDelete}`,
    2,
    /group "owners" does not exist/,
  ],
  ...["connect", "set", "transaction", "unmask", "session"].map((action): [string, string, number, RegExp] => [
    `a hold on ${action}`,
    `@id("a") @hold("security")\nforbid (principal, action in [Action::"delete", Action::"${action}"], resource);`,
    1,
    /@hold cannot be on .*(connect|set|transaction|unmask)/,
  ]),
  [
    "a hold on every action",
    '@id("a") @hold("security")\nforbid (principal, action, resource);',
    1,
    /name the actions/,
  ],
  [
    "a hold on every action of a database",
    '@id("a") @hold("security")\nforbid (principal, action, resource in Database::"shop");',
    1,
    /name the actions/,
  ],
  ...["two", "0", "-1", "1.5", "21", " "].map((quorum): [string, string, number, RegExp] => [
    `a quorum of "${quorum}"`,
    `@id("a") @hold("security")\n@quorum("${quorum}")\n${forbidDelete}`,
    2,
    quorum === " " ? /@quorum needs a value/ : /@quorum must be a whole number from 1 to 20/,
  ]),
  [
    "a time without a unit",
    `@id("a") @hold("security")\n@expires("30")\n${forbidDelete}`,
    2,
    /@expires must be a time/,
  ],
  ["a time of nothing", `@id("a") @hold("security")\n@expires("0m")\n${forbidDelete}`, 2, /@expires must be a time/],
  [
    "a wait longer than a client waits",
    `@id("a") @hold("security")\n@wait("2h")\n${forbidDelete}`,
    2,
    /@wait must be 3600 s at most/,
  ],
  [
    "a cover that is no time",
    `@id("a") @hold("security")\n@lasts("twice")\n${forbidDelete}`,
    2,
    /@lasts must be "once" or a time/,
  ],
  [
    "an unknown channel",
    `@id("a") @hold("security")\n@channels("console,slak")\n${forbidDelete}`,
    2,
    /@channels must be .*did you mean "slack"/,
  ],
  [
    "an unknown severity",
    `@id("a") @hold("security")\n@severity("hgih")\n${forbidDelete}`,
    2,
    /@severity must be .*did you mean "high"/,
  ],
  ["hold terms without a hold", `@id("a")\n@quorum("2")\n${forbidDelete}`, 2, /has no @hold/],
  ["an unknown mode", `@id("a")\n@mode("observed")\n${forbidDelete}`, 2, /@mode must be .*did you mean "observe"/],
  [
    "a budget on a permit",
    '@id("a")\n@budget("rows")\npermit (principal, action == Action::"select", resource)\nwhen { context.usage.rowsLastHour < 9 };',
    2,
    /belongs on a forbid/,
  ],
  ["a budget that reads no usage", `@id("a")\n@budget("rows")\n${forbidDelete}`, 2, /reads context.usage/],
  [
    "a budget of nothing known",
    '@id("a")\n@budget("row")\nforbid (principal, action == Action::"select", resource)\nwhen { context.usage.rowsLastHour > 9 };',
    2,
    /@budget must be .*did you mean "rows"/,
  ],
  [
    "a budget that holds",
    '@id("a") @hold("security")\n@budget("rows")\nforbid (principal, action == Action::"select", resource)\nwhen { context.usage.rowsLastHour > 9 };',
    2,
    /choose one/,
  ],
  ["a reason of two lines", `@id("a")\n@reason("x\\ny")\n${forbidDelete}`, 2, /one line/],
  ["a reason without end", `@id("a")\n@reason("${"x".repeat(301)}")\n${forbidDelete}`, 2, /300 characters/],
  [
    "a scope group that does not exist",
    '@id("a")\npermit (principal in Group::"agent", action, resource);',
    1,
    /group "agent" does not exist \(did you mean "agents"\?\)/,
  ],
  [
    "a condition group that does not exist",
    '@id("a") permit (principal, action, resource)\nwhen { principal in Group::"nobody" };',
    1,
    /group "nobody" does not exist/,
  ],
  ["an unknown entity type", '@id("a") permit (principal == Agnt::"x", action, resource);', 1, /Agnt/],
  ["an unknown action", '@id("a") permit (principal, action == Action::"slect", resource);', 1, /slect/],
  [
    "an unknown attribute",
    '@id("a") permit (principal, action == Action::"select", resource)\nwhen {\n  context.foo };',
    3,
    /foo/,
  ],
  [
    "an optional attribute read blindly",
    '@id("a") permit (principal, action == Action::"select", resource)\nwhen { context.statement.estimatedRows > 1 };',
    2,
    /estimatedRows/,
  ],
  [
    "a statement's attribute on connect",
    '@id("a") permit (principal, action == Action::"connect", resource)\nwhen { context.statement.hasWhere };',
    2,
    /statement/,
  ],
  [
    "the groups of the person acted for",
    '@id("a") permit (principal, action == Action::"select", resource)\nwhen { context.session has onBehalfOf && context.session.onBehalfOf in Group::"security" };',
    1,
    /"in" works on principal, action and resource only/,
  ],
  [
    "the groups of the owner",
    '@id("a") permit (principal is Agent, action == Action::"select", resource)\nwhen { principal.owner in Group::"security" };',
    1,
    /"in" works on/,
  ],
  [
    "the groups of the owner, by is",
    '@id("a") permit (principal is Agent, action == Action::"select", resource)\nwhen { principal.owner is Person in Group::"security" };',
    1,
    /"in" works on/,
  ],
  [
    "attributes of a person spelt out",
    '@id("a") permit (principal, action == Action::"select", resource)\nwhen { Person::"a@b.c".email == "x" };',
    1,
    /spelt out/,
  ],
  [
    "a table without a schema",
    '@id("a") permit (principal, action, resource == Table::"shop.orders");',
    1,
    /has 2 parts, but an id of its kind has 3/,
  ],
  [
    "a table in capitals",
    '@id("a") permit (principal, action, resource == Table::"shop.public.Orders");',
    1,
    /is no id/,
  ],
  [
    "needless quotes in an id",
    '@id("a") permit (principal, action, resource == Table::"shop.public.\\"orders\\"");',
    1,
    /never matches: the id is written shop.public.orders/,
  ],
  ["a person in capitals", '@id("a") permit (principal == Person::"A@b.c", action, resource);', 1, /lower case/],
  [
    "a database label without a value",
    '@id("a") permit (principal, action, resource in DatabaseLabel::"production");',
    1,
    /key=value/,
  ],
];

describe("compileBundle", () => {
  it.each(refused)("refuses %s", (_, cedar, line, message) => {
    const faults = faultsOf(cedar).filter((fault) => fault.severity === "error");
    expect(faults).toContainEqual(
      expect.objectContaining({ file: "a.cedar", line, message: expect.stringMatching(message) }),
    );
  });

  it("tells every fault of a bundle at once, by file and line", () => {
    const faults = faultsOf({
      "b.cedar": `@id("b") @hlod("security")\n${forbidDelete}`,
      "a.cedar": 'permit (principal, action, resource);\n@id("a") permit (',
      "access.yaml": "- { grant: fraud }",
    });
    expect(faults.map(({ file, line }) => `${file}:${line}`)).toEqual([
      "a.cedar:1",
      "a.cedar:2",
      "access.yaml:1",
      "access.yaml:1",
      "access.yaml:1",
      "b.cedar:1",
    ]);
  });

  it("refuses an id that another file has", () => {
    const faults = faultsOf({ "a.cedar": `@id("x") ${forbidDelete}`, "b.cedar": `\n@id("x") ${forbidDelete}` });
    expect(faults[0]).toMatchObject({ file: "b.cedar", line: 2, message: expect.stringContaining("a.cedar, line 1") });
  });

  it("counts one fault per place, however many actions it concerns", () => {
    expect(faultsOf('@id("a") permit (principal, action, resource) when { context.foo };')).toHaveLength(1);
  });

  it.each([
    ["a rule file that nobody reads", "masking.yml", "error"],
    ["a policy below a folder", "more/a.cedar", "error"],
    ["a note", "README.md", "warning"],
  ])("tells of %s", (_, file, severity) => {
    expect(faultsOf({ "a.cedar": `@id("a") ${forbidDelete}`, [file]: "" })).toMatchObject([{ file, severity }]);
  });

  it("suggests the name of a rule file", () => {
    expect(faultsOf({ "masking.yml": "" })[1]?.message).toContain('did you mean "masking.yaml"?');
  });

  it("warns of a bundle that permits nothing", () => {
    expect(faultsOf({})).toMatchObject([{ severity: "warning", message: expect.stringContaining("no policy") }]);
  });

  it("warns of a label that masking.yaml does not declare", () => {
    const cedar = '@id("a") permit (principal, action == Action::"unmask", resource in Label::"pii.emial");';
    const faults = faultsOf({
      "a.cedar": cedar,
      "masking.yaml": "labels: [{ id: pii.email, columns: ['*.*.*.email'] }]",
    });
    expect(faults).toMatchObject([
      { severity: "warning", message: expect.stringContaining('did you mean "pii.email"?') },
    ]);
  });

  it("warns of a quorum that the groups' members cannot make", () => {
    const cedar = `@id("a")\n@hold("security") @also("data-owners") ${forbidDelete}`;
    const both = ["x@example.com"];
    expect(faultsOf(cedar, { security: both, "data-owners": both })).toMatchObject([{ line: 2, severity: "warning" }]);
    expect(faultsOf(cedar, { security: both, "data-owners": ["y@example.com"] })).toEqual([]);
    expect(faultsOf(cedar)).toEqual([]);
  });

  it("accepts a hold on every action of a table, which no session asks on", () => {
    expect(
      faultsOf('@id("a") @hold("security") forbid (principal, action, resource == Table::"shop.public.orders");'),
    ).toEqual([]);
  });

  it("refuses a rule's group that does not exist", () => {
    const masking =
      "labels: [{ id: e, columns: ['*.*.*.email'] }]\nrules:\n  - id: mask-e\n    match: { label: e }\n    mask: email\n    unmask: { groups: [frauds] }\n";
    const faults = faultsOf({ "a.cedar": `@id("a") ${forbidDelete}`, "masking.yaml": masking });
    expect(faults).toMatchObject([
      { file: "masking.yaml", line: 3, message: expect.stringContaining('did you mean "fraud"?') },
    ]);
  });

  it("keeps policies in the order of files and lines", () => {
    const two = (a: string, b: string) => `@id("${a}") ${forbidDelete} @id("${b}") ${forbidDelete}`;
    const compilation = compileBundle({ files: { "b.cedar": two("x", "y"), "a.cedar": two("z", "w") }, groups: [] });
    expect(compilation.ok && compilation.bundle.policies.map((policy) => policy.id)).toEqual(["z", "w", "x", "y"]);
  });
});

import { describe, expect, it } from "vitest";
import { sketchRelation } from "@/e2e/fixtures/example-catalog";
import { labelsOf } from "./labels";
import { masksForRelation } from "./masks";
import { parseMaskingConfig } from "./parse-masking";
import { parsePattern } from "./pattern";

function config(text: string) {
  const parsed = parseMaskingConfig(text);
  if ("faults" in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.config;
}
const faults = (text: string) => {
  const parsed = parseMaskingConfig(text);
  return ("faults" in parsed ? parsed.faults : parsed.warnings).map((one) => `${one.line ?? "-"}: ${one.message}`);
};

const example = `labels:
  - id: pii.email
    columns: [shop.public.customers.email, "*.*.*.email"]
  - { id: secret, columns: ['shop."Odd.Name".*.ssn'] }
rules:
  - id: mask-email
    match: { label: pii.email }
    mask: email
    unmask: { groups: [fraud] }
  - id: odd
    match: { columns: ["*.*.*.ssn"] }
    mask: bucket:10
    null: hide
`;

describe("parseMaskingConfig", () => {
  it.each(["deny", "hold"])("refuses predicates: %s, which seeing masked values would be weaker than", (predicates) => {
    const text = `rules:\n  - { id: a, match: { columns: ["*.*.*.x"] }, mask: redact, predicates: ${predicates} }\n`;
    expect(parseMaskingConfig(text)).toMatchObject({
      faults: [expect.objectContaining({ line: 2, severity: "error" })],
    });
  });

  it("reads labels, rules and defaults", () => {
    expect(config(example)).toMatchObject({
      unlabelled: "show",
      newColumns: "show",
      rules: [
        { id: "mask-email", mask: { kind: "email" }, unmaskGroups: ["fraud"], nulls: "keep", predicates: "mask" },
        { id: "odd", mask: { kind: "bucket", size: 10 }, nulls: "hide" },
      ],
    });
    expect(config("")).toMatchObject({ labels: [], rules: [] });
    expect(config("default: { new: mask }").newColumns).toBe("mask");
    expect(
      config("rules: [{ id: a, match: { columns: ['*.*.*.j'] }, mask: { json: { a.b: redact } } }]").rules[0]?.mask,
    ).toEqual({
      kind: "json",
      paths: { "a.b": { kind: "redact" } },
    });
  });

  it.each([
    ["rules:\n  - { id: a, match: { label: nope }, mask: redact }", /^2: rule "a": there is no label "nope"/],
    ["labels:\n  - { id: a, columns: [] }\n  - { id: a, columns: [] }", /^3: label "a" is defined twice/],
    [
      "labels: [{ id: l, columns: [] }]\nrules:\n  - { id: a, match: { label: l }, maks: redact }",
      /unknown key "maks" \(did you mean "mask"\?\)/,
    ],
    [
      "labels: [{ id: l, columns: [] }]\nrules:\n  - { id: a, match: { label: l }, mask: emial }",
      /there is no mask "emial" \(did you mean "email"\?\)/,
    ],
    ["labels:\n  - { id: l, columns: [a.b.c] }", /^2: .*"a\.b\.c" is no column pattern/],
    ["labels: [", /^\d+: /],
  ])("refuses %j", (text, message) => {
    expect(faults(text).join("\n")).toMatch(message);
  });

  it("warns of rules that never apply", () => {
    const text = `${example}  - { id: late, match: { label: pii.email }, mask: redact }\n`;
    expect(faults(text)).toEqual(['14: rule "late" never applies to label pii.email: rule "mask-email" comes first']);
  });
});

describe("patterns", () => {
  it("have four parts, each a name or a star", () => {
    expect(parsePattern('a."B.c".*.d')).toEqual(["a", "B.c", null, "d"]);
    for (const bad of ["", "a", "a.b.c", "a.b.c.d.e", "a.b.c.", "a.b.c.d*", 'a.b.c."'])
      expect(parsePattern(bad)).toBeNull();
  });

  it("label columns", () => {
    const read = config(example);
    expect(labelsOf(read, "shop.crm.x.email")).toEqual(["pii.email"]);
    expect(labelsOf(read, 'shop."Odd.Name".t.ssn')).toEqual(["secret"]);
    expect(labelsOf(read, "shop.public.t.ssn")).toEqual([]);
  });
});

describe("masksForRelation", () => {
  const relation = sketchRelation(1, { name: "customers", columns: "id email ssn city" });
  const masks = (text: string, about: { groups?: string[]; unmasked?: string[] } = {}) =>
    [
      ...masksForRelation({
        config: config(text),
        database: "shop",
        relation,
        groups: about.groups ?? [],
        unmasked: new Set(about.unmasked),
      }),
    ].map(([column, mask]) => `${column} ${mask.rule} ${mask.mask.kind}`);

  it("takes the first rule that fits", () => {
    expect(masks(example)).toEqual(["email mask-email email", "ssn odd bucket"]);
    const first = example.replace(
      "rules:\n",
      "rules:\n  - { id: all, match: { columns: ['*.*.customers.*'] }, mask: redact }\n",
    );
    expect(masks(first)).toEqual(["id all redact", "email all redact", "ssn all redact", "city all redact"]);
  });

  it("unmasks by group and by grant", () => {
    expect(masks(example, { groups: ["fraud"] })).toEqual(["ssn odd bucket"]);
    expect(masks(example, { unmasked: ["shop.public.customers.ssn"] })).toEqual(["email mask-email email"]);
  });

  it("masks unlabelled columns only where the configuration says so", () => {
    expect(masks(`${example}default: { new: mask }\n`)).toContain("city default.new redact");
    expect(masks(`${example}default: { unlabelled: mask }\n`)).toContain("id default.unlabelled redact");
    expect(masks("default: { new: mask }")).toEqual([]);
  });
});

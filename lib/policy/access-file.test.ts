import { describe, expect, it } from "vitest";
import { readAccessFile } from "./access-file";

const known = { groups: new Set(["security", "data-owners", "fraud"]), labels: new Set(["pii.email"]) };
const read = (text: string) => readAccessFile({ file: "access.yaml", text, ...known });

describe("readAccessFile", () => {
  it("reads what may be asked for", () => {
    const text = `- { grant: "group:fraud", review: security, quorum: 2, max: 8h }
- { grant: "unmask:pii.email", review: security, also: data-owners, max: 4h }`;
    expect(read(text)).toEqual({
      offers: [
        { kind: "group", name: "fraud", review: "security", quorum: 2, also: [], maxSeconds: 28_800 },
        { kind: "unmask", name: "pii.email", review: "security", quorum: 1, also: ["data-owners"], maxSeconds: 14_400 },
      ],
      faults: [],
    });
  });

  it("reads an empty file as no offer", () => {
    expect(read("# none\n")).toEqual({ offers: [], faults: [] });
  });

  it.each([
    ["a grant of no kind", "- { grant: fraud, review: security, max: 8h }", 1, /grant: must be "group:NAME"/],
    [
      "a group that does not exist",
      "\n- { grant: 'group:fraudd', review: security, max: 8h }",
      2,
      /did you mean "fraud"/,
    ],
    ["reviewers that do not exist", "- { grant: 'group:fraud', review: sec, max: 8h }", 1, /"sec" does not exist/],
    [
      "an also that does not exist",
      "- { grant: 'group:fraud', review: security, also: x, max: 8h }",
      1,
      /"x" does not exist/,
    ],
    ["no limit in time", "- { grant: 'group:fraud', review: security }", 1, /max/],
    ["a limit that is no time", "- grant: 'group:fraud'\n  review: security\n  max: 8", 3, /max/],
    ["a limit of nothing", "- grant: 'group:fraud'\n  review: security\n  max: 0h", 3, /duration/],
    ["a quorum of nobody", "- { grant: 'group:fraud', review: security, quorum: 0, max: 8h }", 1, /quorum/],
    ["an unknown key", "- { grant: 'group:fraud', review: security, max: 8h, maximum: 9h }", 1, /maximum/],
    [
      "an offer made twice",
      "- { grant: 'group:fraud', review: security, max: 8h }\n- { grant: 'group:fraud', review: security, max: 9h }",
      2,
      /twice/,
    ],
    ["something that is no list", "grant: x", 1, /expected array/],
    ["YAML that does not parse", "- {\n", 2, /./],
    ["a key given twice", "- { grant: a, grant: b }", 1, /unique/],
  ])("refuses %s", (_, text, line, message) => {
    expect(read(text).faults).toContainEqual(
      expect.objectContaining({
        file: "access.yaml",
        line,
        severity: "error",
        message: expect.stringMatching(message),
      }),
    );
  });

  it("warns of a label that is not declared", () => {
    const { offers, faults } = read("- { grant: 'unmask:pii.mail', review: security, max: 8h }");
    expect(offers).toHaveLength(1);
    expect(faults).toMatchObject([
      { severity: "warning", message: expect.stringContaining('did you mean "pii.email"?') },
    ]);
  });

  it("refuses aliases that multiply", () => {
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x]",
      ...["b", "c", "d", "e"].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcd"[at]}`).join(", ")}]`),
    ];
    expect(read(bomb.join("\n")).faults[0]?.message).toMatch(/alias/i);
  });
});

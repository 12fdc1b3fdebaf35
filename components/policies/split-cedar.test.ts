import { describe, expect, it } from "vitest";
import { splitCedar } from "./split-cedar";

function written(text: string): string {
  return splitCedar(text)
    .filter(({ kind }) => kind !== "plain")
    .map(({ kind, text: part }) => `${kind} ${part}`)
    .join(" | ");
}

describe("splitCedar", () => {
  it.each([
    [
      '@id("a") permit (principal, action, resource);',
      'annotation @id | string "a" | keyword permit | keyword principal | keyword action | keyword resource',
    ],
    ['principal in Group::"x"', 'keyword principal | keyword in | entity Group:: | string "x"'],
    ["// permit all\npermit", "comment // permit all | keyword permit"],
    ["context.time.hour >= 22", "keyword context | number 22"],
    ['"a \\" b" 1', 'string "a \\" b" | number 1'],
    ['"open\nforbid', 'string "open | keyword forbid'],
    ["permitted principals", ""],
    ["A::B::c", "entity A::B::"],
  ])("reads %j", (text, parts) => {
    expect(written(text)).toBe(parts);
  });

  it("keeps every character", () => {
    const text =
      '@hold("security")\nforbid (principal is Agent, action, resource) // é\nwhen { !context.x || 1 < 2 };\t"';
    expect(
      splitCedar(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });
});

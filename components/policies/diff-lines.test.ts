import { describe, expect, it } from "vitest";
import { diffHunks, diffLines } from "./diff-lines";

function written(before: string, after: string): string {
  const signs = { same: " ", added: "+", removed: "-" };
  return diffLines(before, after)
    .map(({ kind, text }) => signs[kind] + text)
    .join("|");
}

describe("diffLines", () => {
  it.each([
    ["", "", ""],
    ["a\n", "a\n", " a"],
    ["", "a\nb\n", "+a|+b"],
    ["a\nb\n", "", "-a|-b"],
    ["a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c"],
    ["a\nb\nc\n", "a\nb\nb\nc\n", " a| b|+b| c"],
    ["a\nb\nc\nd\n", "b\nc\nd\ne\n", "-a| b| c| d|+e"],
    ["a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc", "-a|-b| c|+b| a| b|-b| a|+c"],
  ])("of %j and %j is %j", (before, after, diff) => {
    expect(written(before, after)).toBe(diff);
  });

  it("gives back both texts, whatever they are", () => {
    let seed = 11;
    const random = (below: number) => {
      seed = (seed * 16807) % 2147483647;
      return seed % below;
    };
    for (let round = 0; round < 200; round += 1) {
      const text = () => Array.from({ length: random(12) }, () => "abcd"[random(4)]).join("\n");
      const [before, after] = [text(), text()];
      const lines = diffLines(before, after);
      const side = (other: string) => lines.filter(({ kind }) => kind !== other).map((line) => line.text);
      expect(side("added").join("\n")).toBe(before);
      expect(side("removed").join("\n")).toBe(after);
    }
  });
});

describe("diffHunks", () => {
  it("counts what is equal and far away, and numbers the rest", () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join("\n");
    const hunks = diffHunks(diffLines(before, before.replace("line 10", "changed")));
    expect(hunks.map((hunk) => ("skipped" in hunk ? hunk.skipped : hunk.lines.length))).toEqual([6, 8, 7]);
    const [, changed] = hunks;
    expect(changed && "lines" in changed && changed.lines[3]).toEqual({
      kind: "removed",
      text: "line 10",
      before: 10,
      after: null,
    });
  });
});

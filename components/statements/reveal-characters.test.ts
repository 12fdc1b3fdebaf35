import { describe, expect, it } from "vitest";
import { countHidden, revealCharacters } from "./reveal-characters";

describe("revealCharacters", () => {
  it("leaves ordinary text, tabs and line feeds alone", () => {
    expect(revealCharacters("SELECT 1\n\tFROM t")).toEqual([{ text: "SELECT 1\n\tFROM t" }]);
    expect(revealCharacters("naïve – 日本")).toEqual([{ text: "naïve – 日本" }]);
    expect(revealCharacters("")).toEqual([]);
  });

  it.each([
    ["\u202e", "U+202E right-to-left override"],
    ["\u2066", "U+2066 left-to-right isolate"],
    ["\u200b", "U+200B zero width space"],
    ["\ufeff", "U+FEFF byte order mark"],
    ["\u00a0", "U+00A0 no-break space"],
    ["\u3000", "U+3000"],
    ["\r", "U+000D"],
    ["\u0007", "U+0007"],
    ["\u{e0041}", "U+E0041"],
    ["\ud800", "U+D800"],
  ])("shows %j as %s", (character, name) => {
    expect(revealCharacters(`a${character}b`)).toEqual([{ text: "a" }, { character, name }, { text: "b" }]);
  });

  it("loses nothing", () => {
    const text = "\u202eDELETE\u2069 FROM t\u200b\r\n";
    const joined = revealCharacters(text).map((part) => ("text" in part ? part.text : part.character));
    expect(joined.join("")).toBe(text);
    expect(countHidden(text)).toBe(4);
  });
});

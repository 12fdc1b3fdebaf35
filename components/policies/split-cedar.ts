export type CedarPartKind = "keyword" | "annotation" | "entity" | "string" | "number" | "comment" | "plain";
export type CedarPart = { kind: CedarPartKind; text: string };

const keywords = new Set(
  "permit forbid when unless if then else in is has like true false principal action resource context".split(" "),
);

/** What stands at the beginning of a text of Cedar; never empty where the text is not. */
export function nextCedarPart(text: string): CedarPart | null {
  if (text === "") return null;
  for (const [kind, pattern] of patterns) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind: kind === "plain" && keywords.has(found) ? "keyword" : kind, text: found };
  }
  return { kind: "plain", text: text.charAt(0) };
}

const patterns: [CedarPartKind, RegExp][] = [
  ["comment", /^\/\/[^\n]*/],
  // A string that is not closed ends with its line, so that what follows keeps its colours.
  ["string", /^"(?:[^"\\\n]|\\.)*"?/],
  ["annotation", /^@[A-Za-z_][A-Za-z0-9_]*/],
  ["entity", /^(?:[A-Za-z_][A-Za-z0-9_]*::)+/],
  ["number", /^\d+/],
  ["plain", /^[A-Za-z_][A-Za-z0-9_]*/],
  ["plain", /^\s+/],
];

/** Splits Cedar for highlighting; the parts joined are the text. */
export function splitCedar(text: string): CedarPart[] {
  const parts: CedarPart[] = [];
  for (let at = 0; at < text.length; ) {
    const part = nextCedarPart(text.slice(at)) as CedarPart;
    const last = parts.at(-1);
    if (last !== undefined && last.kind === "plain" && part.kind === "plain") last.text += part.text;
    else parts.push(part);
    at += part.text.length;
  }
  return parts;
}

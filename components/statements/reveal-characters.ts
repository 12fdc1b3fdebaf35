/** A stretch of text, or one character that a reader would not see or would misread. */
export type RevealedPart = { text: string } | { character: string; name: string };

const names = new Map<number, string>([
  [0x00a0, "no-break space"],
  [0x00ad, "soft hyphen"],
  [0x034f, "combining grapheme joiner"],
  [0x061c, "Arabic letter mark"],
  [0x115f, "Hangul filler"],
  [0x1160, "Hangul filler"],
  [0x180e, "Mongolian vowel separator"],
  [0x200b, "zero width space"],
  [0x200c, "zero width non-joiner"],
  [0x200d, "zero width joiner"],
  [0x200e, "left-to-right mark"],
  [0x200f, "right-to-left mark"],
  [0x2028, "line separator"],
  [0x2029, "paragraph separator"],
  [0x202a, "left-to-right embedding"],
  [0x202b, "right-to-left embedding"],
  [0x202c, "pop directional formatting"],
  [0x202d, "left-to-right override"],
  [0x202e, "right-to-left override"],
  [0x2060, "word joiner"],
  [0x2066, "left-to-right isolate"],
  [0x2067, "right-to-left isolate"],
  [0x2068, "first strong isolate"],
  [0x2069, "pop directional isolate"],
  [0x3164, "Hangul filler"],
  [0xfeff, "byte order mark"],
]);

// Cc, Cf, Zl, Zp, every space but the plain one, variation selectors and tags; tab and line feed are layout.
const hidden =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\u{e0000}-\u{e0fff}]|[\ufe00-\ufe0f]|\u034f|(?! )\p{Zs}/gu;

/** Splits text so that control, bidirectional, zero-width and odd space characters can be shown for what they are. */
export function revealCharacters(text: string): RevealedPart[] {
  const parts: RevealedPart[] = [];
  let from = 0;
  for (const match of text.matchAll(hidden)) {
    if (match[0] === "\n" || match[0] === "\t") continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ character: match[0], name: nameOf(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** How many characters of the text a reader would not see. */
export function countHidden(text: string): number {
  return revealCharacters(text).filter((part) => "character" in part).length;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) as number;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const name = names.get(code);
  return name === undefined ? point : `${point} ${name}`;
}

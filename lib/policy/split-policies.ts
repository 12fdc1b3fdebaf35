/** One policy of a file: its text and where it starts (UTF-16 offset). */
export type PolicyText = { text: string; start: number };

/**
 * Cuts the text of a .cedar file into policies, at the semicolons outside strings and comments.
 *
 * Each piece is parsed by Cedar as exactly one policy afterwards, so a wrong cut shows as a syntax
 * error and never as a policy that goes missing.
 */
export function splitPolicies(source: string): PolicyText[] {
  const pieces: PolicyText[] = [];
  let start = -1;
  let at = 0;
  while (at < source.length) {
    const char = source[at]!;
    if (char === "/" && source[at + 1] === "/") {
      at = endOfComment(source, at);
      continue;
    }
    if (start < 0 && !/\s/.test(char)) start = at;
    if (char === '"') {
      at = endOfString(source, at);
      continue;
    }
    at += 1;
    if (char === ";") {
      pieces.push({ text: source.slice(start, at), start });
      start = -1;
    }
  }
  if (start >= 0) pieces.push({ text: source.slice(start), start });
  return pieces;
}

function endOfComment(source: string, from: number): number {
  let at = from;
  while (at < source.length && source[at] !== "\n" && source[at] !== "\r") at += 1;
  return at;
}

function endOfString(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source[at] !== '"') at += source[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** 1-based line of a UTF-16 offset. */
export function lineAt(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf("\n"); at >= 0 && at < offset; at = source.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** UTF-16 offset of a UTF-8 byte offset: Cedar counts bytes. */
export function offsetOfByte(text: string, byte: number): number {
  let bytes = 0;
  let offset = 0;
  for (const char of text) {
    if (bytes >= byte) break;
    const point = char.codePointAt(0)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    offset += char.length;
  }
  return offset;
}

import { type Tokens, tokenCount, tokenStart } from "./lex";

/** UTF-8 offset of each token's beginning: the parser counts bytes, the lexer UTF-16 units. */
export function byteStartsOf(sql: string, tokens: Tokens): Int32Array {
  const count = tokenCount(tokens);
  const starts = new Int32Array(count);
  let unit = 0;
  let byte = 0;
  for (let index = 0; index < count; index++) {
    const start = tokenStart(tokens, index);
    for (; unit < start; unit++) byte += bytesOfUnit(sql, unit);
    starts[index] = byte;
  }
  return starts;
}

/** Index of the first token that begins at `byte` or later; the number of tokens where there is none. */
export function firstTokenFrom(byteStarts: Int32Array, byte: number): number {
  let low = 0;
  let high = byteStarts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((byteStarts[middle] as number) < byte) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the token that begins exactly at `byte`, or -1. */
export function tokenAtByte(byteStarts: Int32Array, byte: number): number {
  const index = firstTokenFrom(byteStarts, byte);
  return byteStarts[index] === byte ? index : -1;
}

/** 1-based position in characters (code points, as PostgreSQL counts) of a UTF-16 offset. */
export function positionOf(sql: string, offset: number): number {
  let position = 1;
  for (let unit = 0; unit < offset; unit++) if (!isTrailingSurrogate(sql, unit)) position++;
  return position;
}

function bytesOfUnit(sql: string, unit: number): number {
  const value = sql.charCodeAt(unit);
  if (value < 0x80) return 1;
  if (value < 0x800) return 2;
  // A pair takes four bytes, counted at its first half; a half alone is encoded as U+FFFD, three bytes.
  if (isTrailingSurrogate(sql, unit)) return 0;
  return isTrailingSurrogate(sql, unit + 1) && value >= 0xd800 && value < 0xdc00 ? 4 : 3;
}

function isTrailingSurrogate(sql: string, unit: number): boolean {
  const value = sql.charCodeAt(unit);
  if (value < 0xdc00 || value > 0xdfff) return false;
  const before = sql.charCodeAt(unit - 1);
  return before >= 0xd800 && before < 0xdc00;
}

/** Character classes of PostgreSQL's scanner (scan.l), over UTF-16 units. Anything beyond ASCII is part of a name. */

const space = 1;
const digit = 2;
const identifierStart = 4;
const operatorCharacter = 8;
const hexDigit = 16;

const classes = new Uint8Array(128);
for (const character of " \t\n\r\f\v") mark(character, space);
for (const character of "0123456789") mark(character, digit | hexDigit);
for (const character of "abcdefABCDEF") mark(character, hexDigit);
for (const character of "~!@#^&|`?+-*/%<>=") mark(character, operatorCharacter);
for (let unit = 65; unit <= 90; unit++) {
  mark(String.fromCharCode(unit), identifierStart);
  mark(String.fromCharCode(unit + 32), identifierStart);
}
mark("_", identifierStart);

function mark(character: string, bits: number): void {
  const unit = character.charCodeAt(0);
  classes[unit] = (classes[unit] as number) | bits;
}

function has(unit: number, bits: number): boolean {
  return unit < 128 && ((classes[unit] as number) & bits) !== 0;
}

export function isSpace(unit: number): boolean {
  return unit <= 32 && has(unit, space);
}

export function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

export function isHexDigit(unit: number): boolean {
  return has(unit, hexDigit);
}

export function isIdentifierStart(unit: number): boolean {
  return unit >= 128 || has(unit, identifierStart);
}

/** `$` may stand inside a name, not at its beginning. */
export function isIdentifierPart(unit: number): boolean {
  return unit >= 128 || has(unit, identifierStart | digit) || unit === 36;
}

export function isOperatorCharacter(unit: number): boolean {
  return has(unit, operatorCharacter);
}

/** Offset of the newline that ends the comment whose content begins at `from`, or the end of the text. */
export function lineEnd(sql: string, from: number): number {
  let at = from;
  while (at < sql.length) {
    const unit = sql.charCodeAt(at);
    if (unit === 10 || unit === 13) return at;
    at++;
  }
  return at;
}

/** Offset behind the block comment that begins at `from`, or -1 where it has no end. Block comments nest. */
export function commentEnd(sql: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < sql.length) {
    const unit = sql.charCodeAt(at);
    const next = sql.charCodeAt(at + 1);
    if (unit === 47 && next === 42) {
      depth++;
      at += 2;
    } else if (unit === 42 && next === 47) {
      at += 2;
      if (--depth === 0) return at;
    } else {
      at++;
    }
  }
  return -1;
}

import { isDigit, isHexDigit, isIdentifierPart, isIdentifierStart } from "./lex-characters";
import { fault, packToken, TokenKind } from "./lex-token";

const underscore = 95;
const dot = 46;

/**
 * The number that begins at `at` (a digit, or a dot before one): decimal, exponent, 0x, 0o, 0b, underscores between
 * digits. PostgreSQL 15 and later refuse a number that runs into a name.
 */
export function scanNumber(sql: string, at: number): number {
  const radixEnd = sql.charCodeAt(at) === 48 ? radixInteger(sql, at) : -1;
  if (radixEnd > 0) {
    return isIdentifierPart(sql.charCodeAt(radixEnd)) ? fault.numberJunk : packToken(TokenKind.number, radixEnd);
  }
  const end = decimal(sql, at);
  return end < 0 || isIdentifierStart(sql.charCodeAt(end)) ? fault.numberJunk : packToken(TokenKind.number, end);
}

function decimal(sql: string, at: number): number {
  let end = digits(sql, at);
  // `1..2` is a range: the dots belong together.
  if (sql.charCodeAt(end) === dot && (end === at || sql.charCodeAt(end + 1) !== dot)) end = digits(sql, end + 1);
  if ((sql.charCodeAt(end) | 32) !== 101) return end;
  const sign = sql.charCodeAt(end + 1);
  const from = sign === 43 || sign === 45 ? end + 2 : end + 1;
  return isDigit(sql.charCodeAt(from)) ? digits(sql, from) : -1;
}

function digits(sql: string, from: number): number {
  let at = from;
  if (!isDigit(sql.charCodeAt(at))) return at;
  for (;;) {
    const unit = sql.charCodeAt(at);
    if (isDigit(unit) || (unit === underscore && isDigit(sql.charCodeAt(at + 1)))) at++;
    else return at;
  }
}

/** Offset behind 0x…, 0o… or 0b…, or -1 where there is none. */
function radixInteger(sql: string, at: number): number {
  const letter = sql.charCodeAt(at + 1) | 32;
  if (letter !== 120 && letter !== 111 && letter !== 98) return -1;
  let end = at + 2;
  for (;;) {
    if (isOfRadix(letter, sql.charCodeAt(end))) end++;
    else if (sql.charCodeAt(end) === underscore && isOfRadix(letter, sql.charCodeAt(end + 1))) end += 2;
    else return end > at + 2 ? end : -1;
  }
}

function isOfRadix(letter: number, unit: number): boolean {
  if (letter === 120) return isHexDigit(unit);
  return letter === 111 ? unit >= 48 && unit <= 55 : unit === 48 || unit === 49;
}

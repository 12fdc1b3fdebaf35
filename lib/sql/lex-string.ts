import { isDigit, isIdentifierPart, isIdentifierStart, isSpace, lineEnd } from "./lex-characters";
import { fault, packToken, TokenKind } from "./lex-token";

const doubleQuote = 34;
const dollar = 36;
const quote = 39;
const minus = 45;
const backslash = 92;

/** A quoted identifier whose content begins at `from`; `""` inside is one quote. */
export function scanQuotedIdent(sql: string, from: number): number {
  let at = from;
  for (;;) {
    const close = sql.indexOf('"', at);
    if (close < 0) return fault.quotedIdent;
    if (sql.charCodeAt(close + 1) !== doubleQuote) {
      return close === from ? fault.emptyIdent : packToken(TokenKind.quotedIdent, close + 1);
    }
    at = close + 2;
  }
}

/**
 * A literal without backslash escapes whose content begins at `from`, with its continuations. Two quotes are one in a
 * string; a bit string ends at the first.
 */
export function scanPlainString(sql: string, from: number, kind: TokenKind, unterminated: number): number {
  let at = from;
  for (;;) {
    const close = sql.indexOf("'", at);
    if (close < 0) return unterminated;
    if (kind === TokenKind.string && sql.charCodeAt(close + 1) === quote) {
      at = close + 2;
      continue;
    }
    const next = continuation(sql, close + 1);
    if (next < 0) return packToken(kind, close + 1);
    at = next;
  }
}

/** E'…' whose content begins at `from`. A backslash hides whatever follows it; its escapes are not checked here. */
export function scanEscapeString(sql: string, from: number): number {
  let at = from;
  while (at < sql.length) {
    const unit = sql.charCodeAt(at);
    if (unit === backslash) {
      at += 2;
    } else if (unit !== quote) {
      at++;
    } else if (sql.charCodeAt(at + 1) === quote) {
      at += 2;
    } else {
      const next = continuation(sql, at + 1);
      if (next < 0) return packToken(TokenKind.string, at + 1);
      at = next;
    }
  }
  return fault.quotedString;
}

/**
 * White space with at least one newline, then a quote, makes two literals one (scan.l, `quotecontinue`). Line
 * comments count as white space, block comments do not. Returns the offset behind the opening quote, or -1.
 */
function continuation(sql: string, from: number): number {
  let at = from;
  let newline = false;
  for (;;) {
    const unit = sql.charCodeAt(at);
    if (isSpace(unit)) {
      if (unit === 10 || unit === 13) newline = true;
      at++;
    } else if (unit === minus && sql.charCodeAt(at + 1) === minus) {
      at = lineEnd(sql, at + 2);
    } else {
      return newline && unit === quote ? at + 1 : -1;
    }
  }
}

/** What begins with `$`: a parameter or a dollar-quoted string. The grammar knows no `$` by itself. */
export function scanDollar(sql: string, at: number): number {
  let end = at + 1;
  const first = sql.charCodeAt(end);
  if (isDigit(first)) {
    while (isDigit(sql.charCodeAt(end))) end++;
    return isIdentifierStart(sql.charCodeAt(end)) ? fault.paramJunk : packToken(TokenKind.param, end);
  }
  if (first !== dollar) {
    if (!isIdentifierStart(first)) return fault.dollar;
    while (sql.charCodeAt(end) !== dollar && isIdentifierPart(sql.charCodeAt(end))) end++;
    if (sql.charCodeAt(end) !== dollar) return fault.dollar;
  }
  const tag = sql.slice(at, end + 1);
  const close = sql.indexOf(tag, end + 1);
  return close < 0 ? fault.dollarString : packToken(TokenKind.string, close + tag.length);
}

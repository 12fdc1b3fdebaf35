import {
  commentEnd,
  isDigit,
  isIdentifierPart,
  isIdentifierStart,
  isOperatorCharacter,
  isSpace,
  lineEnd,
} from "./lex-characters";
import { scanNumber } from "./lex-number";
import { operatorCharactersMax, operatorLength } from "./lex-operator";
import { scanDollar, scanEscapeString, scanPlainString, scanQuotedIdent } from "./lex-string";
import { fault, faultMessages, packToken, TokenKind } from "./lex-token";

export { TokenKind } from "./lex-token";

/** Token i is (kind, start, end) at 3i, 3i + 1, 3i + 2; offsets are UTF-16 units in the text, end exclusive. */
export type Tokens = Int32Array;

export type Token = { kind: TokenKind; start: number; end: number };

export type LexError = {
  /** as PostgreSQL words it */
  message: string;
  /** UTF-16 offset of the token that is at fault */
  offset: number;
};

/** Texts beyond this are refused before anything reads them. */
export const sqlBytesMax = 1024 * 1024;

const stride = 3;
/** A text of so many UTF-16 units is lexed in memory that is kept; a longer one gets memory of its own. */
const unitsKeptMax = 8192;
const scratch = new Int32Array(unitsKeptMax * stride);

export function tokenCount(tokens: Tokens): number {
  return tokens.length / stride;
}

export function tokenKind(tokens: Tokens, index: number): TokenKind {
  return tokens[index * stride] as TokenKind;
}

/** UTF-16 offset where token `index` begins. */
export function tokenStart(tokens: Tokens, index: number): number {
  return tokens[index * stride + 1] as number;
}

/** UTF-16 offset behind token `index`. */
export function tokenEnd(tokens: Tokens, index: number): number {
  return tokens[index * stride + 2] as number;
}

export function tokenText(sql: string, tokens: Tokens, index: number): string {
  return sql.slice(tokenStart(tokens, index), tokenEnd(tokens, index));
}

/** What `lexTokens` finds, one object per token: for code off the hot path. */
export function lex(sql: string): Token[] | LexError {
  const tokens = lexTokens(sql);
  if (!(tokens instanceof Int32Array)) return tokens;
  const list: Token[] = [];
  for (let index = 0; index < tokenCount(tokens); index++) {
    list.push({ kind: tokenKind(tokens, index), start: tokenStart(tokens, index), end: tokenEnd(tokens, index) });
  }
  return list;
}

/**
 * Splits SQL into the tokens that PostgreSQL's own scanner would make of it (src/backend/parser/scan.l, version 18,
 * standard_conforming_strings on). Comments and white space make no tokens. Runs for every statement on the broker's
 * main thread, hence character codes and one flat array instead of regular expressions and objects. Does not check
 * what stands behind a backslash in E'…' or U&'…', nor the digits of B'…' and X'…'. Faults are returned.
 */
export function lexTokens(sql: string): Tokens | LexError {
  const nul = sql.indexOf("\0");
  if (nul >= 0) return { message: "the text contains a null character", offset: nul };
  const length = sql.length;
  // A text of n units has at most n tokens.
  const out = length <= unitsKeptMax ? scratch : new Int32Array(length * stride);
  let count = 0;
  let at = 0;
  while (at < length) {
    const first = sql.charCodeAt(at);
    if (isSpace(first)) {
      at++;
    } else if (first === 45 && sql.charCodeAt(at + 1) === 45) {
      at = lineEnd(sql, at + 2);
    } else if (first === 47 && sql.charCodeAt(at + 1) === 42) {
      const end = commentEnd(sql, at);
      if (end < 0) return { message: "unterminated /* comment", offset: at };
      at = end;
    } else {
      const token = scanToken(sql, at, first);
      if (token < 0) return { message: faultMessages[token] ?? "syntax error", offset: at };
      out[count++] = token & 15;
      out[count++] = at;
      at = token >>> 4;
      out[count++] = at;
    }
  }
  return out.slice(0, count);
}

/** Kind and end of the token at `at`, packed; negative for a fault. */
function scanToken(sql: string, at: number, first: number): number {
  if (isIdentifierStart(first)) return scanWord(sql, at, first);
  if (isDigit(first)) return scanNumber(sql, at);
  const second = sql.charCodeAt(at + 1);
  switch (first) {
    case 34: // "
      return scanQuotedIdent(sql, at + 1);
    case 36: // $
      return scanDollar(sql, at);
    case 39: // '
      return scanPlainString(sql, at + 1, TokenKind.string, fault.quotedString);
    case 46: // .
      if (second === 46) return packToken(TokenKind.punct, at + 2);
      return isDigit(second) ? scanNumber(sql, at) : packToken(TokenKind.punct, at + 1);
    case 58: // : :: :=
      return packToken(TokenKind.punct, second === 58 || second === 61 ? at + 2 : at + 1);
  }
  if (!isOperatorCharacter(first)) return packToken(TokenKind.punct, at + 1);
  const length = operatorLength(sql, at);
  return length >= operatorCharactersMax ? fault.operatorTooLong : packToken(TokenKind.operator, at + length);
}

/** A name or keyword, or one of the literals that begin with a letter. */
function scanWord(sql: string, at: number, first: number): number {
  const second = sql.charCodeAt(at + 1);
  if (second === 39) {
    switch (first | 32) {
      case 98: // B'
        return scanPlainString(sql, at + 2, TokenKind.bitString, fault.bitString);
      case 101: // E'
        return scanEscapeString(sql, at + 2);
      case 110: // N'
        return packToken(TokenKind.nchar, at + 1);
      case 120: // X'
        return scanPlainString(sql, at + 2, TokenKind.bitString, fault.hexString);
    }
  } else if (second === 38 && (first | 32) === 117) {
    const third = sql.charCodeAt(at + 2);
    if (third === 39) return scanPlainString(sql, at + 3, TokenKind.string, fault.quotedString);
    if (third === 34) return scanQuotedIdent(sql, at + 3);
  }
  let end = at + 1;
  while (isIdentifierPart(sql.charCodeAt(end))) end++;
  return packToken(TokenKind.word, end);
}

/** Kinds of token. `nchar` is the `N` of N'…', which PostgreSQL reads as the keyword NCHAR. */
export const TokenKind = {
  word: 1,
  quotedIdent: 2,
  string: 3,
  number: 4,
  bitString: 5,
  param: 6,
  operator: 7,
  punct: 8,
  nchar: 9,
} as const;
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/** What a scanning function returns instead of a token. */
export const fault = {
  quotedString: -1,
  bitString: -2,
  hexString: -3,
  quotedIdent: -4,
  emptyIdent: -5,
  dollarString: -6,
  numberJunk: -7,
  paramJunk: -8,
  operatorTooLong: -9,
  dollar: -10,
} as const;

export const faultMessages: Record<number, string> = {
  [fault.quotedString]: "unterminated quoted string",
  [fault.bitString]: "unterminated bit string literal",
  [fault.hexString]: "unterminated hexadecimal string literal",
  [fault.quotedIdent]: "unterminated quoted identifier",
  [fault.emptyIdent]: "zero-length delimited identifier",
  [fault.dollarString]: "unterminated dollar-quoted string",
  [fault.numberJunk]: "trailing junk after numeric literal",
  [fault.paramJunk]: "trailing junk after parameter",
  [fault.operatorTooLong]: "operator too long",
  [fault.dollar]: 'syntax error at or near "$"',
};

/** Kind and end offset in one number: kinds stay below 16 and offsets below 2^27. */
export function packToken(kind: TokenKind, end: number): number {
  return (end << 4) | kind;
}

import { createHash } from "node:crypto";
import { type LexError, lexTokens, TokenKind, type Tokens, tokenCount, tokenEnd, tokenKind, tokenStart } from "./lex";

/**
 * The shape of a text: its tokens without comments, every literal replaced by `?`, the space between tokens decided
 * by the tokens alone.
 *
 * INVARIANT: texts of equal shape have equal token sequences apart from the literals, so a plan made for one (its
 * splices count in tokens) fits the other. A shape can be read back in one way only:
 * - tokens stand apart by one space, except around the punctuation `, ; ( ) [ ] .` and `::`, whose characters end any
 *   word, name, parameter or operator; two of `.` `..` `:` `::` `:=` next to each other keep their space;
 * - names keep their spelling and quotes, so nothing inside quotes is taken for a token;
 * - a literal is `?`, and the operator `?` is written `\?`, which no token begins with; a sign is an operator and
 *   stays; `N'…'` is the keyword NCHAR before a string, and is written `nchar ?`;
 * - lists are not collapsed: `IN (1, 2)` and `IN (1, 2, 3)` are two shapes.
 *
 * Keywords keep their case, so one statement can have several shapes; that costs a cache entry and nothing else.
 */
export function shapeOf(sql: string, tokens: Tokens): string {
  const count = tokenCount(tokens);
  let shape = "";
  // [run, runEnd) of the text is already spelled as the shape wants it and not yet copied.
  let run = 0;
  let runEnd = 0;
  let gluesNext = true;
  for (let index = 0; index < count; index++) {
    const kind = tokenKind(tokens, index);
    const start = tokenStart(tokens, index);
    const end = tokenEnd(tokens, index);
    const glue = gluing(sql, kind, start, end);
    const apart = index > 0 && (!(gluesNext || (glue & gluesBefore) !== 0) || keepsApart(sql, tokens, index));
    gluesNext = (glue & gluesAfter) !== 0;
    const standIn = standInFor(sql, kind, start, end);
    if (standIn !== null) {
      shape += sql.slice(run, runEnd) + (apart ? ` ${standIn}` : standIn);
      run = end;
    } else if (start - runEnd !== (apart ? 1 : 0) || (apart && sql.charCodeAt(runEnd) !== 32)) {
      shape += apart ? `${sql.slice(run, runEnd)} ` : sql.slice(run, runEnd);
      run = start;
    }
    runEnd = end;
  }
  return shape + sql.slice(run, runEnd);
}

/** Lexes and shapes a text of the hot path in one call. */
export function scanShape(sql: string): { shape: string; tokens: Tokens } | LexError {
  const tokens = lexTokens(sql);
  return tokens instanceof Int32Array ? { shape: shapeOf(sql, tokens), tokens } : tokens;
}

/** The text without the values in it, for logs. A text that cannot be read is not repeated. */
export function redact(sql: string): string {
  const scanned = scanShape(sql);
  return "shape" in scanned ? scanned.shape : `(${scanned.message})`;
}

/** SHA-256 of a shape, the first 16 hex digits. */
export function fingerprintOf(shape: string): string {
  return createHash("sha256").update(shape, "utf8").digest("hex").slice(0, 16);
}

const gluesBefore = 1;
const gluesAfter = 2;

/** Whether the token stands without space to what is before and behind it. */
function gluing(sql: string, kind: TokenKind, start: number, end: number): number {
  if (kind !== TokenKind.punct) return 0;
  switch (sql.charCodeAt(start)) {
    case 41: // )
    case 44: // ,
    case 59: // ;
    case 93: // ]
      return gluesBefore;
    case 40: // (
      return gluesAfter;
    case 91: // [
      return gluesBefore | gluesAfter;
    case 46: // . and not ..
      return end - start === 1 ? gluesBefore | gluesAfter : 0;
    case 58: // :: and neither : nor :=
      return end - start === 2 && sql.charCodeAt(start + 1) === 58 ? gluesBefore | gluesAfter : 0;
    default:
      return 0;
  }
}

/** Punctuation that would read as another token without the space. */
function keepsApart(sql: string, tokens: Tokens, index: number): boolean {
  const before = sql.charCodeAt(tokenStart(tokens, index - 1));
  const here = sql.charCodeAt(tokenStart(tokens, index));
  return (before === 46 && here === 46) || (before === 58 && here === 58);
}

/** What the shape shows instead of the token; null: the token itself. */
function standInFor(sql: string, kind: TokenKind, start: number, end: number): string | null {
  switch (kind) {
    case TokenKind.string:
    case TokenKind.number:
    case TokenKind.bitString:
      return "?";
    case TokenKind.nchar:
      return "nchar";
    case TokenKind.operator:
      return end - start === 1 && sql.charCodeAt(start) === 63 ? "\\?" : null;
    default:
      return null;
  }
}

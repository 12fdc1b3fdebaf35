import {
  type LexError,
  lexTokens,
  sqlBytesMax,
  TokenKind,
  type Tokens,
  tokenCount,
  tokenEnd,
  tokenKind,
  tokenStart,
} from "@/lib/sql/lex";
import { shapeOf } from "@/lib/sql/shape";
import type { SqlRefusal } from "@/lib/sql/types";

export type ReadText = { ok: true; tokens: Tokens; shape: string } | { ok: false; refusal: SqlRefusal };

const textsMax = 2_000;
const textCharactersMax = 2_000;

/** Texts that were read before: prepared statements and drivers' own come again and again, letter by letter. */
let known = new Map<string, ReadText>();

/** Splits a text into tokens and makes its shape; too long or unreadable texts are refused as PostgreSQL would. */
export function readText(sql: string): ReadText {
  const found = known.get(sql);
  if (found !== undefined) return found;
  const read = readNew(sql);
  if (sql.length <= textCharactersMax) {
    if (known.size >= textsMax) known = new Map();
    known.set(sql, read);
  }
  return read;
}

function readNew(sql: string): ReadText {
  if (sql.length > sqlBytesMax || (sql.length * 3 > sqlBytesMax && Buffer.byteLength(sql) > sqlBytesMax)) {
    return {
      ok: false,
      refusal: {
        sqlstate: "54000",
        message: `a statement may have at most ${sqlBytesMax} bytes`,
        hint: "send rows with COPY or as parameters",
      },
    };
  }
  const tokens = lexTokens(sql);
  if (!(tokens instanceof Int32Array)) return { ok: false, refusal: refusalOf(sql, tokens) };
  return { ok: true, tokens, shape: shapeOf(sql, tokens) };
}

function refusalOf(sql: string, error: LexError): SqlRefusal {
  return { sqlstate: "42601", message: error.message, hint: "", position: characterAt(sql, error.offset) };
}

/** 1-based position in characters, as PostgreSQL counts, of a UTF-16 offset. */
export function characterAt(sql: string, offset: number): number {
  let surrogates = 0;
  for (let index = 0; index < offset; index++) {
    const unit = sql.charCodeAt(index);
    if (unit >= 0xdc00 && unit <= 0xdfff) surrogates += 1;
  }
  return offset - surrogates + 1;
}

/** Every name in the text, unquoted and folded as PostgreSQL does: candidates for relations that are not known. */
export function namesIn(sql: string, tokens: Tokens, namesMax: number): string[] {
  const names = new Set<string>();
  for (let index = 0; index < tokenCount(tokens) && names.size < namesMax; index++) {
    const kind = tokenKind(tokens, index);
    const text = sql.slice(tokenStart(tokens, index), tokenEnd(tokens, index));
    if (kind === TokenKind.word) names.add(text.toLowerCase());
    else if (kind === TokenKind.quotedIdent && text.startsWith('"')) names.add(text.slice(1, -1).replaceAll('""', '"'));
  }
  return [...names];
}

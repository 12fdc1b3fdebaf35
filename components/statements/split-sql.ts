import { lex, TokenKind } from "@/lib/sql/lex";
import { sqlKeywords } from "./sql-keywords";

export type SqlPartKind = "keyword" | "string" | "number" | "param" | "comment" | "lookalike" | "plain";
export type SqlPart = { kind: SqlPartKind; text: string };

// Beyond this a highlighted text is shown plain: thousands of elements would cost more than they tell.
const highlightedCharactersMax = 64 * 1024;

/** Splits SQL for highlighting; the parts joined are the text. What PostgreSQL would not scan comes back as one part. */
export function splitSql(sql: string): SqlPart[] {
  const tokens = sql.length > highlightedCharactersMax ? undefined : lex(sql);
  if (!Array.isArray(tokens)) return [{ kind: "plain", text: sql }];
  const parts: SqlPart[] = [];
  let from = 0;
  for (const token of tokens) {
    if (token.start > from) pushGap(parts, sql.slice(from, token.start));
    const text = sql.slice(token.start, token.end);
    push(parts, kindOf(token.kind, text), text);
    from = token.end;
  }
  if (from < sql.length) pushGap(parts, sql.slice(from));
  return parts;
}

function kindOf(kind: TokenKind, text: string): SqlPartKind {
  switch (kind) {
    case TokenKind.string:
    case TokenKind.bitString:
      return "string";
    case TokenKind.number:
      return "number";
    case TokenKind.param:
      return "param";
    case TokenKind.word:
      if (sqlKeywords.has(text.toLowerCase())) return "keyword";
      return isAscii(text) ? "plain" : "lookalike";
    case TokenKind.quotedIdent:
      return isAscii(text) ? "plain" : "lookalike";
    default:
      return "plain";
  }
}

/** Between tokens stand only spaces and comments. */
function pushGap(parts: SqlPart[], gap: string): void {
  push(parts, gap.trim() === "" ? "plain" : "comment", gap);
}

function push(parts: SqlPart[], kind: SqlPartKind, text: string): void {
  const last = parts.at(-1);
  if (last !== undefined && last.kind === kind && kind === "plain") last.text += text;
  else parts.push({ kind, text });
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}

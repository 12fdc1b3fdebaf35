import { TokenKind, type Tokens, tokenCount, tokenEnd, tokenKind, tokenStart } from "./lex";
import type { Splice } from "./types";

/** Token indexes [from, to). */
export type TokenRange = { from: number; to: number };

/**
 * The statements of a batch: token ranges between top-level semicolons, empty ones left out. The bodies of
 * BEGIN ATOMIC … END functions hold semicolons too and are cut here; the parser knows better (`parseStatements`).
 */
export function splitStatements(sql: string, tokens: Tokens): TokenRange[] {
  const count = tokenCount(tokens);
  const ranges: TokenRange[] = [];
  let from = 0;
  for (let index = 0; index <= count; index++) {
    if (index < count && !isSemicolon(sql, tokens, index)) continue;
    if (index > from) ranges.push({ from, to: index });
    from = index + 1;
  }
  return ranges;
}

/**
 * The text with splices applied. They come in token indexes of the whole text, sorted and apart from each other;
 * with `range` only that statement's text is returned, without comments before its first and behind its last token.
 * Throws RangeError for splices that overlap or lie outside.
 */
export function applySplices(sql: string, tokens: Tokens, splices: readonly Splice[], range?: TokenRange): string {
  const from = range?.from ?? 0;
  const to = range?.to ?? tokenCount(tokens);
  let at = range === undefined ? 0 : offsetBefore(sql, tokens, from);
  const last = range === undefined ? sql.length : to > from ? tokenEnd(tokens, to - 1) : at;
  let text = "";
  let done = from;
  for (const splice of splices) {
    if (splice.from < done || splice.to < splice.from || splice.to > to) {
      throw new RangeError(`splice [${splice.from}, ${splice.to}) overlaps another or leaves the statement`);
    }
    if (splice.from === splice.to) {
      const here = splice.from === to ? last : tokenStart(tokens, splice.from);
      text += `${sql.slice(at, here)} ${splice.text} `;
      at = here;
    } else {
      text += `${sql.slice(at, tokenStart(tokens, splice.from))}${splice.text}`;
      at = tokenEnd(tokens, splice.to - 1);
    }
    done = splice.to;
  }
  return text + sql.slice(at, last);
}

function offsetBefore(sql: string, tokens: Tokens, index: number): number {
  return index < tokenCount(tokens) ? tokenStart(tokens, index) : sql.length;
}

function isSemicolon(sql: string, tokens: Tokens, index: number): boolean {
  return tokenKind(tokens, index) === TokenKind.punct && sql.charCodeAt(tokenStart(tokens, index)) === 59;
}

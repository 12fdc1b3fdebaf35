import { tokenCount, tokenEnd, tokenStart } from "@/lib/sql/lex";
import type { Subject } from "./calls";
import { characterAt, readText } from "./read-text";

/**
 * Where in the client's text a position in the spliced text is; null inside of what the broker put in.
 * @param position 1-based, in characters, as PostgreSQL reports it
 */
export function mapPosition(position: number, { sql, known }: Subject): number | null {
  const read = readText(sql);
  if (!read.ok) return null;
  const splices = known.plan.statements.flatMap((statement) => statement.splices);
  let at = 0;
  let spliced = 1;
  for (const { from, to, text } of splices) {
    const end = tokenCount(read.tokens);
    const start = from < end ? tokenStart(read.tokens, from) : sql.length;
    const own = characters(sql.slice(at, start));
    if (position < spliced + own) return characterAt(sql, at) + (position - spliced);
    spliced += own;
    const inserted = characters(from === to ? ` ${text} ` : text);
    if (position < spliced + inserted) return from === to ? null : characterAt(sql, start);
    spliced += inserted;
    at = from === to ? start : tokenEnd(read.tokens, to - 1);
  }
  return characterAt(sql, at) + (position - spliced);
}

function characters(text: string): number {
  return characterAt(text, text.length) - 1;
}

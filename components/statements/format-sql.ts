import { lex, type Token, TokenKind } from "@/lib/sql/lex";

const lineCharactersMax = 72;

/** Words that begin a line of their own, where they stand at the depth of their SELECT. */
const clauseWords = new Set(
  "select from where group having order limit offset fetch returning values set union intersect except window using when on with for".split(
    " ",
  ),
);
const joinWords = new Set("join left right full inner cross natural".split(" "));
const conditionWords = new Set(["and", "or"]);

/** A statement or a subquery. `base` and `opener` are columns: of its clauses, and of the line that opened it. */
type Level = { clauses: boolean; between: boolean; base: number; opener: number };

/**
 * Lays a statement out for reading: one clause a line, subqueries indented. Only white space changes, tokens and
 * comments stay as they were sent, in their order; what PostgreSQL would not scan is returned unchanged.
 */
export function formatSql(sql: string): string {
  const tokens = lex(sql);
  if (!Array.isArray(tokens) || tokens.length === 0) return sql;
  const plain = sql.trim();
  if (plain.length <= lineCharactersMax && !plain.includes("\n")) return plain;
  const levels: Level[] = [{ clauses: true, between: false, base: 0, opener: 0 }];
  let out = commentsOf(sql.slice(0, tokens[0]?.start));
  let line = 0;
  let previous: string | undefined;
  let end = tokens[0]?.start ?? 0;
  tokens.forEach((token, index) => {
    const text = sql.slice(token.start, token.end);
    const word = token.kind === TokenKind.word ? text.toLowerCase() : text;
    const level = levels.at(-1) as Level;
    const closed = word === ")" && levels.length > 1 ? levels.pop() : undefined;
    const indent =
      closed === undefined
        ? indentBefore({ word, previous, next: wordAt(sql, tokens, index + 1), level })
        : closed.clauses
          ? closed.opener
          : undefined;
    if (index > 0) {
      const space = separator({ gap: sql.slice(end, token.start), indent, fallback: level.base + 2 });
      if (space.includes("\n")) line = space.length - space.lastIndexOf("\n") - 1;
      out += space;
    }
    out += text;
    if (word === "(") {
      const clauses = startsQuery(wordAt(sql, tokens, index + 1));
      levels.push({ clauses, between: false, base: clauses ? line + 2 : level.base, opener: line });
    }
    if (word === "between") level.between = true;
    else if (word === "and") level.between = false;
    previous = word;
    end = token.end;
  });
  return out + commentsOf(sql.slice(end), " ");
}

type Place = { word: string; previous: string | undefined; next: string | undefined; level: Level };

/** The column of a word that begins a line, or undefined where it goes on. */
function indentBefore({ word, previous, next, level }: Place): number | undefined {
  if (!level.clauses || previous === undefined) return undefined;
  if (previous === ";" || previous === "(") return level.base;
  if (conditionWords.has(word)) return level.between ? undefined : level.base + 2;
  if (joinWords.has(word)) return isJoinStart(word, previous, next) ? level.base + 2 : undefined;
  if (!clauseWords.has(word)) return undefined;
  return continues(word, previous) ? undefined : level.base;
}

function isJoinStart(word: string, previous: string, next: string | undefined): boolean {
  if (word === "join") return !joinWords.has(previous) && previous !== "outer";
  return next === "join" || next === "outer" || (word === "natural" && next !== undefined && joinWords.has(next));
}

/** Pairs of words that belong on one line: DELETE FROM, IS DISTINCT FROM, FOR UPDATE SET … */
function continues(word: string, previous: string): boolean {
  switch (word) {
    case "from":
      return previous === "delete" || previous === "distinct";
    case "set":
      return previous === "update" || previous === "character";
    case "on":
      return true;
    case "when":
      return true;
    case "using":
    case "for":
    case "with":
    case "order":
    case "group":
      return previous === "within" || word === "using" || word === "with" || word === "for";
    case "values":
    case "select":
      return previous === "all" || previous === "distinct";
    default:
      return false;
  }
}

function startsQuery(word: string | undefined): boolean {
  return (
    word === "select" ||
    word === "with" ||
    word === "values" ||
    word === "delete" ||
    word === "update" ||
    word === "insert"
  );
}

function wordAt(sql: string, tokens: Token[], index: number): string | undefined {
  const token = tokens[index];
  return token === undefined ? undefined : sql.slice(token.start, token.end).toLowerCase();
}

function separator({ gap, indent, fallback }: { gap: string; indent: number | undefined; fallback: number }): string {
  const comments = gap.trim();
  // A line comment ends with its line, so what follows begins a new one.
  if (comments !== "") return ` ${comments}\n${" ".repeat(indent ?? fallback)}`;
  if (indent !== undefined) return `\n${" ".repeat(indent)}`;
  return gap === "" ? "" : " ";
}

function commentsOf(gap: string, before = ""): string {
  const comments = gap.trim();
  return comments === "" ? "" : `${before}${comments}${before === "" ? "\n" : ""}`;
}

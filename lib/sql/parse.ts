import { loadModule, parseSync, SqlError } from "libpg-query";
import { byteStartsOf, firstTokenFrom, positionOf } from "./byte-offsets";
import { lexTokens, sqlBytesMax, type Tokens } from "./lex";
import { nestingDepth, nestingMax } from "./nesting";
import type { SqlRefusal } from "./types";
import type { Tree } from "./walk";

export type ParsedStatement = {
  /** kind of the node, e.g. `SelectStmt` */
  tag: string;
  /** the node's fields: `{ SelectStmt: fields }` without its wrapper */
  node: Tree;
  /** UTF-8 offsets in the batch's text */
  byteStart: number;
  byteEnd: number;
  /** token indexes in the batch, `tokenTo` exclusive and without the semicolon */
  tokenFrom: number;
  tokenTo: number;
};

export type ParsedBatch = {
  sql: string;
  tokens: Tokens;
  /** UTF-8 offset of each token: what `location` in the tree counts in */
  byteStarts: Int32Array;
  statements: ParsedStatement[];
};

/** The parser did something other than parse or refuse. Its instance is not to be trusted any more: end the worker. */
export class ParserBroken extends Error {
  override name = "ParserBroken";
}

/** Loads the parser; once per thread, before the first `parseStatements`. */
export function loadParser(): Promise<void> {
  return loadModule();
}

/** Whether the parser still answers a known statement as it should. */
export function parserIsSound(): boolean {
  try {
    const parsed = parseSync("SELECT 1 FROM t") as { stmts?: { stmt?: object }[] };
    return parsed.stmts?.length === 1 && Object.hasOwn(parsed.stmts[0]?.stmt ?? {}, "SelectStmt");
  } catch {
    return false;
  }
}

/**
 * Parses a batch with PostgreSQL's own grammar. Refusals come back as PostgreSQL would word them, with the 1-based
 * character position. Must run in a worker thread with `stackSizeMb: 64`: a stack overflow inside the parser spoils
 * it for good, so size and nesting are bounded before it sees a byte. Throws ParserBroken.
 */
export function parseStatements(sql: string, options: { bytesMax?: number } = {}): ParsedBatch | SqlRefusal {
  const bytesMax = options.bytesMax ?? sqlBytesMax;
  if (sql.length > bytesMax || Buffer.byteLength(sql) > bytesMax) return tooLong(bytesMax);
  const tokens = lexTokens(sql);
  if (!(tokens instanceof Int32Array)) return syntaxRefusal(tokens.message, positionOf(sql, tokens.offset));
  const byteStarts = byteStartsOf(sql, tokens);
  if (tokens.length === 0) return { sql, tokens, byteStarts, statements: [] };
  if (nestingDepth(sql, tokens) > nestingMax) return tooDeep();
  const parsed = parse(sql);
  if ("sqlstate" in parsed) return parsed;
  return { sql, tokens, byteStarts, statements: parsed.stmts.map((raw) => locate(raw, byteStarts, sql)) };
}

type RawStatement = { stmt: Tree; stmt_location?: number; stmt_len?: number };

function parse(sql: string): { stmts: RawStatement[] } | SqlRefusal {
  try {
    return { stmts: (parseSync(sql) as { stmts?: RawStatement[] }).stmts ?? [] };
  } catch (error) {
    if (!(error instanceof SqlError)) throw new ParserBroken("the SQL parser failed", { cause: error });
    // The grammar's own stack is bounded too (YYMAXDEPTH).
    if (error.message.startsWith("memory exhausted")) return tooDeep();
    const cursor = error.sqlDetails?.cursorPosition;
    return syntaxRefusal(error.message, cursor === undefined || cursor < 0 ? undefined : cursor + 1);
  }
}

function locate(raw: RawStatement, byteStarts: Int32Array, sql: string): ParsedStatement {
  const entry = Object.entries(raw.stmt)[0];
  if (entry === undefined) throw new ParserBroken("the SQL parser returned a statement without a node");
  const from = raw.stmt_location ?? 0;
  const length = raw.stmt_len ?? 0;
  const byteEnd = length === 0 ? Buffer.byteLength(sql) : from + length;
  const tokenFrom = firstTokenFrom(byteStarts, from);
  const byteStart = byteStarts[tokenFrom] ?? from;
  return {
    tag: entry[0],
    node: entry[1] as Tree,
    byteStart,
    byteEnd,
    tokenFrom,
    tokenTo: firstTokenFrom(byteStarts, byteEnd),
  };
}

function syntaxRefusal(message: string, position: number | undefined): SqlRefusal {
  const refusal: SqlRefusal = { sqlstate: "42601", message, hint: "Correct the statement's syntax." };
  return position === undefined ? refusal : { ...refusal, position };
}

function tooDeep(): SqlRefusal {
  return {
    sqlstate: "54001",
    message: "the statement is nested too deeply",
    hint: `Keep brackets, operator chains, joins and set operations within ${nestingMax} levels.`,
  };
}

function tooLong(bytesMax: number): SqlRefusal {
  return {
    sqlstate: "54000",
    message: `the statement is longer than ${bytesMax} bytes`,
    hint: "Send the values as parameters or with COPY, or cut the batch into several.",
  };
}

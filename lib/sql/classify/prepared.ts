import { type ParsedBatch, type ParsedStatement, parseStatements } from "../parse";
import { type Tree, unwrap, walk } from "../walk";
import { type Classification, refuse } from "./classification";

export type Executed = { statement: Pick<ParsedStatement, "tag" | "node">; batch: ParsedBatch };

/**
 * The statements that EXECUTE runs: the statement itself, or EXECUTE under EXPLAIN and CREATE TABLE AS. They are read
 * again from the text they were prepared from, with today's search_path, as PostgreSQL does when the path changes.
 */
export function executedStatements(c: Classification): Executed[] {
  const names: string[] = [];
  const root = { [c.node]: c.fields };
  walk(root, (tag, fields: Tree) => {
    if (tag === "ExecuteStmt") names.push(String(fields.name ?? ""));
  });
  if (names.length > 0) c.literalMatters = true;
  return names.flatMap((name) => {
    const executed = readPrepared(c, name);
    return executed === undefined ? [] : [executed];
  });
}

function readPrepared(c: Classification, name: string): Executed | undefined {
  const prepared = Object.hasOwn(c.prepared, name) ? c.prepared[name] : undefined;
  if (prepared === undefined) {
    refuse(c, "0A000", `prepared statement "${name}" does not exist`, "Prepare it in this session first.");
    return undefined;
  }
  const batch = parseStatements(prepared.sql);
  const statement = "sqlstate" in batch ? undefined : bodyOf(batch.statements, name);
  if ("sqlstate" in batch || statement === undefined) {
    refuse(c, "0A000", `prepared statement "${name}" cannot be read`, "Prepare it again, in a message of its own.");
    return undefined;
  }
  return { statement, batch };
}

/**
 * The body of PREPARE name in a batch, or, prepared by Parse, the only statement there is. Two PREPAREs of one name in
 * one text leave open which of them took effect, so neither is taken.
 */
function bodyOf(statements: readonly ParsedStatement[], name: string): Executed["statement"] | undefined {
  const prepares = statements.filter((one) => one.tag === "PrepareStmt");
  if (prepares.length === 0) return statements.length === 1 ? statements[0] : undefined;
  const named = prepares.filter((one) => one.node.name === name);
  const body = named.length === 1 ? unwrap(named[0]?.node.query) : undefined;
  return body === undefined ? undefined : { tag: body.tag, node: body.fields };
}

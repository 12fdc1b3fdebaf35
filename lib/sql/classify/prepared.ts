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
  const found =
    "sqlstate" in batch
      ? undefined
      : batch.statements.map(bodyOf).find((one) => one.name === name || one.name === null);
  if ("sqlstate" in batch || found === undefined) {
    refuse(c, "0A000", `prepared statement "${name}" cannot be read`, "Prepare it again.");
    return undefined;
  }
  return { statement: found.statement, batch };
}

/** PREPARE name AS body, possibly one of several statements; or, prepared by Parse, the statement itself. */
function bodyOf(statement: ParsedStatement): { name: string | null; statement: Pick<ParsedStatement, "tag" | "node"> } {
  const body = statement.tag === "PrepareStmt" ? unwrap(statement.node.query) : undefined;
  if (body === undefined) return { name: null, statement };
  return { name: String(statement.node.name), statement: { tag: body.tag, node: body.fields } };
}

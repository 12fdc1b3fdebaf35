import type { PlannedStatement } from "@/lib/analysis-types";
import type { CatalogIndex } from "@/lib/sql/catalog-index";
import type { ParsedStatement } from "@/lib/sql/parse";
import type { References } from "@/lib/sql/resolve";
import { readSearchPath } from "@/lib/sql/search-path";
import type { SqlRefusal, StatementAnalysis } from "@/lib/sql/types";
import { type Tree, walk } from "@/lib/sql/walk";

/** What names mean at one place of a text: statements of the same message may have changed it before. */
export type NamesInForce = {
  searchPath: string[];
  role: string;
  /** path or role was changed in this text */
  moved: boolean;
  /** what path or role are now is known only upstream */
  uncertain: boolean;
  /** temporary relations that the session has may be gone */
  dropped: boolean;
};

export type NameEffects = Pick<
  PlannedStatement,
  "movesNames" | "readsNames" | "dropsNames" | "executes" | "deallocates"
>;

/** Settings that decide what an unqualified name means. */
const followed = new Set(["search_path", "role", "session_authorization", "all"]);
const droppers = new Set([
  "AlterObjectSchemaStmt",
  "CallStmt",
  "DiscardStmt",
  "DoStmt",
  "DropOwnedStmt",
  "DropStmt",
  "RenameStmt",
]);
const transactionEnds: ReadonlySet<string> = new Set(["commit", "rollback", "rollbackTo", "prepare"]);

export const uncertainNames: SqlRefusal = {
  sqlstate: "0A000",
  message: "names cannot be resolved behind this change of search_path or role",
  hint: "Send what follows in a message of its own, after the answer to the change.",
};

export function endsTransaction(transaction: StatementAnalysis["transaction"]): boolean {
  return transaction !== undefined && transactionEnds.has(transaction);
}

/** What a statement does to names, and whether it depends on them: for batches here, for pipelines in the broker. */
export function nameEffects(
  index: CatalogIndex,
  statement: ParsedStatement,
  { analysis, references }: { analysis: StatementAnalysis; references: References },
): NameEffects {
  const executes = executedNames(statement);
  return {
    ...(analysis.settings.some(({ name }) => followed.has(name)) ? { movesNames: true } : {}),
    ...(executes.length > 0 || readsNames(index, analysis, references) ? { readsNames: true } : {}),
    ...(dropsNames(index, analysis) ? { dropsNames: true } : {}),
    ...(executes.length > 0 ? { executes } : {}),
    ...deallocation(analysis.node, statement.node),
  };
}

/** Names behind a statement of a batch, which runs whole or not at all. */
export function namesAfter(names: NamesInForce, analysis: StatementAnalysis, effects: NameEffects): NamesInForce {
  let { searchPath, role, moved, uncertain } = names;
  for (const { name, value } of analysis.settings) {
    if (!followed.has(name)) continue;
    moved = true;
    if (value === null || name === "all" || (name === "role" && value.toLowerCase() === "none")) uncertain = true;
    else if (name === "search_path") searchPath = readSearchPath(value);
    else role = value;
  }
  uncertain ||= moved && endsTransaction(analysis.transaction);
  return { searchPath, role, moved, uncertain, dropped: names.dropped || effects.dropsNames === true };
}

function readsNames(index: CatalogIndex, analysis: StatementAnalysis, references: References): boolean {
  return (
    references.relations.length > 0 ||
    references.systemRelations.length > 0 ||
    analysis.asks.some(({ resource }) => resource.type !== "Database") ||
    references.functions.some(({ name }) => index.functionsNamed(name).length > 0) ||
    references.operators.some(({ name }) => index.hasOperator(name)) ||
    references.types.some(({ name }) => index.typesNamed(name).length > 0)
  );
}

/** Whether relations that only this session sees may be gone afterwards: by name, with a transaction, inside code. */
function dropsNames(index: CatalogIndex, analysis: StatementAnalysis): boolean {
  const builtIn = `${index.databaseName}.pg_catalog.`;
  return (
    droppers.has(analysis.node) ||
    endsTransaction(analysis.transaction) ||
    analysis.asks.some(({ action, resource }) => action === "call" && !resource.id.startsWith(builtIn))
  );
}

function executedNames({ tag, node }: ParsedStatement): string[] {
  const names: string[] = [];
  walk({ [tag]: node }, (kind, fields) => {
    if (kind === "ExecuteStmt") names.push(String(fields.name ?? ""));
  });
  return names;
}

function deallocation(tag: string, node: Tree): Pick<NameEffects, "deallocates"> {
  if (tag === "DiscardStmt") return node.target === "DISCARD_ALL" ? { deallocates: null } : {};
  if (tag !== "DeallocateStmt") return {};
  return { deallocates: typeof node.name === "string" && node.name !== "" ? node.name : null };
}

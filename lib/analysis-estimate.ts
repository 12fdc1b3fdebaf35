import type { AnalysisInput, Plan } from "@/lib/analysis-types";
import { functionClass } from "@/lib/sql/functions";
import type { References } from "@/lib/sql/resolve";
import type { StatementAnalysis } from "@/lib/sql/types";

/** What EXPLAIN takes, and says a number of rows of. */
const plannedNodes = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Whether planning the statement can run nothing but harmless functions: the planner evaluates what looks constant. */
export function isEstimable({ node, asks }: StatementAnalysis, { functions }: References): boolean {
  return (
    plannedNodes.has(node) &&
    asks.every(({ action }) => action !== "call" && action !== "executeBlock" && action !== "create") &&
    functions.every(({ schema, name, node: call }) => call === null || isHarmless(schema, name))
  );
}

function isHarmless(schema: string | null, name: string): boolean {
  const known = functionClass(name);
  return (schema === null || schema === "pg_catalog") && (known === "pure" || known === "info");
}

type Estimated = { estimable: boolean; wantsEstimate: boolean };

/** What the plan of a text says of its estimate. One of several statements has none: it would be without the others. */
export function estimateOf(
  { estimatedRows }: Pick<AnalysisInput, "estimatedRows">,
  analysed: readonly Estimated[],
): Pick<Plan, "estimate" | "estimatedRows"> {
  if (estimatedRows !== undefined) return { estimatedRows };
  const [one] = analysed;
  if (analysed.length !== 1 || !one?.estimable) return {};
  return { estimate: one.wantsEstimate ? "wanted" : "possible" };
}

import { z } from "zod";

type PlanNode = { "Node Type": string; "Plan Rows": number; Plans?: PlanNode[] | undefined };

const nodeSchema: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({ "Node Type": z.string(), "Plan Rows": z.number().nonnegative(), Plans: z.array(nodeSchema).optional() }),
);
const explainSchema = z.array(z.object({ Plan: nodeSchema })).min(1);

/**
 * How many rows a statement returns or changes, as the planner estimates: the greatest of the result's rows and of
 * what each INSERT, UPDATE, DELETE or MERGE in it takes in (a ModifyTable node itself says 0 without RETURNING).
 * @param text what EXPLAIN (FORMAT JSON) answered; null when it is something else
 */
export function estimatedRowsOf(text: string): number | null {
  const parsed = explainSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  let rows = 0;
  const visit = (node: PlanNode, counts: boolean): void => {
    if (counts) rows = Math.max(rows, node["Plan Rows"]);
    const modifies = node["Node Type"] === "ModifyTable";
    for (const child of node.Plans ?? []) visit(child, modifies);
  };
  for (const { Plan } of parsed.data) visit(Plan, true);
  return Math.min(Math.round(rows), Number.MAX_SAFE_INTEGER);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

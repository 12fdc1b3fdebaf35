import { z } from "zod";
import type { StatementPreview } from "@/components/masking/masking-rows";
import { previewInput } from "@/lib/analysis-input";
import type { Plan } from "@/lib/analysis-types";
import { route } from "@/lib/http";
import { lexTokens } from "@/lib/sql/lex";
import { applySplices } from "@/lib/sql/splices";
import { findPrincipal } from "../principal";
import { withActiveAnalysis } from "../shared-analysis";

const body = z.strictObject({
  database: z.string().max(63),
  as: z.string().max(300).default(""),
  sql: z.string().min(1).max(100_000),
});

/** What a broker would do with a statement now, and the text that the upstream would be sent. Sends and keeps nothing. */
export const POST = route({ can: "masking.read", body }, async ({ body: { database, as, sql } }) => {
  const principal = await findPrincipal(as);
  const plan = await withActiveAnalysis((analysis) =>
    analysis.analyze(previewInput({ principal, database, sql, at: new Date() })),
  );
  return previewOf(plan, sql);
});

function previewOf(plan: Plan, sql: string): StatementPreview {
  const { decision, refusal } = plan;
  const masked = plan.statements.flatMap((statement) => statement.masked);
  if (refusal !== undefined && decision.effect !== "deny") {
    return {
      decision: "refused",
      reason: `${refusal.message}. ${refusal.hint}`,
      policies: [],
      after: null,
      masked: [],
    };
  }
  const reason = decision.effect === "allow" ? null : decision.reason;
  const { effect, policies } = decision;
  return { decision: effect, reason, policies, after: effect === "deny" ? null : substituted(plan, sql), masked };
}

function substituted(plan: Plan, sql: string): string {
  const tokens = lexTokens(sql);
  if (!(tokens instanceof Int32Array)) return sql;
  return applySplices(
    sql,
    tokens,
    plan.statements.flatMap(({ splices }) => splices),
  );
}

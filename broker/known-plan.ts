import { createHash } from "node:crypto";

import { planLeaf } from "@/lib/audit/statement-leaf";
import type { SnapshotDatabase } from "@/lib/snapshot";
import { dottedId } from "@/lib/sql/names";
import { fingerprintOf } from "@/lib/sql/shape";
import type { SqlRefusal } from "@/lib/sql/types";
import type { KnownPlan } from "./calls";
import type { Plan } from "./plan";

const noBinding = createHash("sha256").digest("hex");

export type PlanMaking = { key: string; bundleVersion: number | null; database: SnapshotDatabase };

/** Adds to a plan what is made once and used at every call. */
export function knowPlan(plan: Plan, { key, bundleVersion, database }: PlanMaking): KnownPlan {
  const { decision } = plan;
  const leaf = planLeaf({
    bundleVersion,
    columns: plan.columns,
    decision: plan.refusal === undefined ? decision.effect : "deny",
    fingerprint: plan.fingerprint,
    labels: plan.labels,
    masked: plan.statements.flatMap((statement) => statement.masked),
    policies: decision.policies,
    ...(decision.effect === "allow" ? {} : { reason: decision.reason }),
    requests: plan.requests,
    snapshotVersion: plan.snapshotVersion,
    statement: plan.shape,
    statementKind: plan.statements.map((statement) => statement.kind).join(" ") || "none",
    tables: plan.tables,
  });
  return { plan, leaf, key, forbiddenOrigins: forbiddenOrigins(plan, database) };
}

/** For texts that never reach the analysis: not readable, too long, or nobody there to read them. */
export function refusedPlan(refusal: SqlRefusal, shape: string, snapshotVersion: string): Plan {
  return {
    snapshotVersion,
    shape,
    fingerprint: fingerprintOf(shape),
    statements: [],
    decision: {
      effect: "deny",
      sqlstate: refusal.sqlstate === "ZS003" ? "ZS003" : "42501",
      policies: [],
      reason: refusal.message,
      hint: refusal.hint,
      observed: [],
    },
    requests: [],
    tables: [],
    columns: [],
    labels: [],
    columnLabels: [],
    refusal,
    bindingHash: noBinding,
    masksApply: false,
    reuse: "never",
  };
}

/** `oid/attnum` of the masked columns: none of them may be where a result column comes from. */
function forbiddenOrigins(plan: Plan, database: SnapshotDatabase): Set<string> | null {
  const masked = new Set(plan.statements.flatMap((statement) => statement.masked.map(({ column }) => column)));
  if (masked.size === 0 || database.catalog === null) return null;
  const used = new Set(plan.statements.flatMap((statement) => statement.relations.map(({ oid }) => oid)));
  const origins = new Set<string>();
  for (const relation of database.catalog.relations) {
    if (!used.has(relation.oid)) continue;
    for (const column of relation.columns) {
      const id = dottedId(database.name, relation.schema, relation.name, column.name);
      if (masked.has(id)) origins.add(`${relation.oid}/${column.number}`);
    }
  }
  return origins;
}

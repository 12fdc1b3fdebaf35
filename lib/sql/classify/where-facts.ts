import { resolveReferences } from "../resolve";
import type { RelationUse } from "../resolve-context";
import { listOf, strings, type Tree, walk } from "../walk";
import { type Classification, noWhere, type WhereFacts } from "./classification";
import { hasPatternLiteral, isConstantCondition, readsColumn } from "./where-clause";

export const unconditional: WhereFacts = noWhere;

/**
 * hasWhere and whereIsConstant of a node that writes (`dml`: its fields), for the conditions that pick the rows; an
 * absent condition is undefined. A condition that reads no column of the target picks all of its rows or none, so it
 * counts as constant.
 */
export function conditionFacts(c: Classification, dml: Tree, conditions: readonly unknown[]): WhereFacts {
  const present = conditions.filter((condition) => condition !== undefined);
  if (present.length === 0) return unconditional;
  if (present.some(hasPatternLiteral)) c.literalMatters = true;
  const use = c.references.relations.find((one) => one.node === dml.relation);
  const neverNull = (column: Tree) => use !== undefined && isNeverNull(use, strings(column.fields).at(-1) ?? "");
  const constant = present.every((one) => isConstantCondition(one, neverNull) || !readsTarget(c, { dml, use }, one));
  return { hasWhere: true, whereIsConstant: constant };
}

function isNeverNull(use: RelationUse, column: string): boolean {
  return column === "ctid" || use.relation.columns.some((one) => one.name === column && one.notNull);
}

function readsTarget(c: Classification, on: { dml: Tree; use: RelationUse | undefined }, condition: unknown): boolean {
  const { dml, use } = on;
  const sources = [...listOf(dml.fromClause), ...listOf(dml.usingClause)];
  if (dml.sourceRelation !== undefined) sources.push(dml.sourceRelation);
  // Alone, the target is the only relation whose columns can stand there.
  if (use === undefined || (sources.length === 0 && !hasSubquery(condition))) return readsColumn(condition);
  return hasCurrentOf(condition) || resolvesToTarget(c, { use, sources }, condition);
}

/** Resolves the condition by itself, as if it were that of a DELETE, to see whether it reads the target. */
function resolvesToTarget(
  c: Classification,
  on: { use: RelationUse; sources: readonly unknown[] },
  condition: unknown,
): boolean {
  const { index, searchPath, role, batch } = c;
  const node: Tree = { relation: on.use.node, usingClause: on.sources, whereClause: condition };
  const probe = resolveReferences({ statement: { tag: "DeleteStmt", node }, batch, index, searchPath, role });
  for (const column of probe.targetReads) if (column.startsWith(`${on.use.id}.`)) return true;
  return probe.systemColumns.some((one) => one.relation.oid === on.use.oid);
}

function hasSubquery(condition: unknown): boolean {
  let found = false;
  walk(condition, (tag) => {
    if (tag === "SubLink") found = true;
  });
  return found;
}

function hasCurrentOf(condition: unknown): boolean {
  let found = false;
  walk(condition, (tag) => {
    if (tag === "CurrentOfExpr") found = true;
  });
  return found;
}

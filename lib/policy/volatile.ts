import type { Expr, PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";
import { comparedInteger } from "./compared-integer";
import type { SessionFacts, StatementFacts, TimeFacts, UsageFacts } from "./types";

/** How an attribute is read: not at all, only against these sorted numbers, or for its very value. */
export type AttributeRead = "none" | "exact" | readonly number[];

const attributes = {
  session: ["clientAddress", "applicationName", "tls", "inTransaction", "onBehalfOf", "reason", "breakGlass"],
  time: ["epochSeconds", "hour", "weekday"],
  usage: ["rowsLastHour", "statementsLastHour"],
  statement: ["kind", "fingerprint", "statementsInBatch", "tables", "hasWhere", "whereIsConstant", "estimatedRows"],
} as const;

type Reads<Section extends keyof typeof attributes> = Record<(typeof attributes)[Section][number], AttributeRead>;

/** Which attributes of the context policies read, and how. Principal, action and resource are always read. */
export type ContextReads = {
  session: Reads<"session">;
  time: Reads<"time">;
  usage: Reads<"usage">;
  statement: Reads<"statement">;
  grants: AttributeRead;
  sensitivity: AttributeRead;
};

/** What `decisionKey` needs to know of a request. */
export type VolatileFacts = { session: SessionFacts; time: TimeFacts; usage: UsageFacts };

/** Reads of one policy. A use that is not understood counts as a read of the very value. */
export function policyReads(policy: PolicyJson): ContextReads {
  const reads = noReads();
  for (const clause of policy.conditions) walk(clause.body, reads);
  return reads;
}

/** Reads of all of them together. */
export function combineReads(all: Iterable<ContextReads>): ContextReads {
  const total = noReads();
  for (const reads of all) {
    for (const path of everyPath) addRead(total, path, readAt(reads, path));
  }
  return total;
}

/**
 * A key over the session, time and usage that policies read: two requests that are the same otherwise
 * and have equal keys have equal decisions. Attributes that are only compared with literals count by
 * the interval that they lie in, so that a key lives until a threshold is crossed.
 */
export function decisionKey(reads: ContextReads, facts: VolatileFacts): string {
  return JSON.stringify([
    ...sectionKey(reads.session, facts.session),
    ...sectionKey(reads.time, facts.time),
    ...sectionKey(reads.usage, facts.usage),
  ]);
}

/** The same over the facts of the statement; `hasWhere` and `whereIsConstant` are those of the node that asks. */
export function statementKey(
  reads: ContextReads,
  facts: StatementFacts & { hasWhere: boolean; whereIsConstant: boolean },
): string {
  const labels = reads.sensitivity === "none" ? [] : [[...facts.sensitivity].sort()];
  return JSON.stringify([...sectionKey(reads.statement, facts), ...labels]);
}

/** The same over the ids of the principal's live grants. */
export function grantsKey(reads: ContextReads, grants: readonly string[]): string {
  return reads.grants === "none" ? "" : JSON.stringify([...grants].sort());
}

/** True when a policy looks at the estimated number of rows, which then must be had before `decide`. */
export function readsEstimatedRows(reads: ContextReads): boolean {
  return reads.statement.estimatedRows !== "none";
}

function sectionKey(reads: Record<string, AttributeRead>, facts: Record<string, unknown>): unknown[] {
  const key: unknown[] = [];
  for (const name in reads) {
    const read = reads[name]!;
    if (read === "none") continue;
    const value = facts[name];
    if (read === "exact" || typeof value !== "number") key.push(value ?? null);
    else key.push(read.filter((threshold) => threshold <= value).length);
  }
  return key;
}

const everyPath: string[][] = [
  ...Object.entries(attributes).flatMap(([section, names]) => names.map((name) => [section, name])),
  ["grants"],
  ["sensitivity"],
];

function noReads(): ContextReads {
  const sections = Object.entries(attributes).map(([section, names]) => [
    section,
    Object.fromEntries(names.map((name) => [name, "none"])),
  ]);
  return { ...Object.fromEntries(sections), grants: "none", sensitivity: "none" } as ContextReads;
}

function readAt(reads: ContextReads, path: string[]): AttributeRead {
  const first = reads[path[0] as keyof ContextReads];
  return path.length === 1 ? (first as AttributeRead) : (first as Record<string, AttributeRead>)[path[1]!]!;
}

function addRead(reads: ContextReads, path: string[], read: AttributeRead): void {
  const sum = combineRead(readAt(reads, path), read);
  if (path.length === 1) Object.assign(reads, { [path[0]!]: sum });
  else Object.assign(reads[path[0] as keyof ContextReads], { [path[1]!]: sum });
}

function combineRead(a: AttributeRead, b: AttributeRead): AttributeRead {
  if (a === "none") return b;
  if (b === "none") return a;
  if (a === "exact" || b === "exact") return "exact";
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** Adds a read of everything at or below a path of the context, or of what the path goes through. */
function addPath(reads: ContextReads, path: string[], read: AttributeRead): void {
  for (const known of everyPath) {
    const touches = known.every((part, at) => path[at] === undefined || path[at] === part);
    if (touches) addRead(reads, known, read);
  }
}

function walk(expression: Expr, reads: ContextReads): void {
  const path = contextPath(expression);
  if (path) {
    addPath(reads, path, "exact");
    return;
  }
  const compared = comparedInteger(expression);
  const comparedPath = compared && contextPath(compared.subject);
  if (compared && comparedPath && comparedPath.length === 2) {
    addPath(reads, comparedPath, compared.thresholds);
    return;
  }
  walkChildren(expression, reads);
}

function walkChildren(expression: Expr, reads: ContextReads): void {
  for (const [operator, operands] of Object.entries(expression) as [string, unknown][]) {
    if (operator === "Value" || operator === "Var" || operands === null || typeof operands !== "object") continue;
    for (const [part, child] of Object.entries(operands)) {
      // Attribute names and patterns are no expressions; in a record any name stands for one.
      const isExpression = operator === "Record" || (part !== "attr" && part !== "pattern");
      if (isExpression && child !== null && typeof child === "object") walk(child as Expr, reads);
    }
  }
}

/** `["usage", "rowsLastHour"]` for `context.usage.rowsLastHour` and `context.usage has rowsLastHour`. */
function contextPath(expression: Expr): string[] | null {
  const node = expression as Record<string, unknown>;
  if (node.Var !== undefined) return node.Var === "context" ? [] : null;
  const access = (node["."] ?? node.has) as { left: Expr; attr: string | string[] } | undefined;
  if (!access || typeof access !== "object" || !("left" in access)) return null;
  const left = contextPath(access.left);
  return left && [...left, ...(Array.isArray(access.attr) ? access.attr : [access.attr])];
}

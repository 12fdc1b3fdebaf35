import type { ParsedBatch, ParsedStatement } from "../parse";
import { type References, resolveReferences } from "../resolve";
import type { StatementAnalysis } from "../types";
import { askCalls } from "./calls";
import { type Classification, type Names, noWhere, type PreparedTexts } from "./classification";
import { executedStatements } from "./prepared";
import { askReads, askSelectOfNothing } from "./reads";
import { statementRules } from "./rules";
import { askWrites } from "./writes";

export type ClassifyInput = Names & {
  statement: Pick<ParsedStatement, "tag" | "node">;
  /** the text that the tree's byte offsets count in */
  batch: Pick<ParsedBatch, "sql" | "tokens" | "byteStarts">;
  /** what EXECUTE may name */
  prepared?: PreparedTexts;
  /** of this statement, where the caller has them already */
  references?: References;
};

/** EXECUTE of an EXECUTE is no SQL; one level holds a PREPARE of EXPLAIN EXECUTE and its kin off. */
const executeDepthMax = 4;

/**
 * What a statement is and what it asks of the policies, apart from who asks (docs: the table "What a statement asks").
 * A kind of node without a rule is refused with 0A000; so is what cannot be followed. Never throws.
 */
export function classifyStatement(input: ClassifyInput): StatementAnalysis {
  return classifyAt(input, 0);
}

function classifyAt(input: ClassifyInput, depth: number): StatementAnalysis {
  const { statement, batch, index, searchPath, role } = input;
  const references = input.references ?? resolveReferences({ statement, batch, index, searchPath, role });
  const c: Classification = {
    index,
    searchPath,
    role,
    node: statement.tag,
    fields: statement.node,
    batch,
    references,
    prepared: input.prepared ?? {},
    kind: "other",
    asks: [],
    settings: [],
    where: noWhere,
    endsOnly: false,
    changesCatalog: false,
    // The string after UESCAPE says how to read the name before it.
    literalMatters: /\buescape\b/i.test(batch.sql),
    selects: false,
  };
  if (statement.tag === "ExecuteStmt") c.kind = "select";
  else applyRule(c);
  const before = c.asks.length;
  askReads(c);
  askWrites(c);
  askCalls(c);
  const executed = executedStatements(c);
  askSelectOfNothing(c, before);
  let analysis = analysisOf(c);
  for (const parsed of executed) {
    const part = depth < executeDepthMax ? classifyAt({ ...input, ...parsed, references: undefined }, depth + 1) : null;
    analysis = part === null ? { ...analysis, refusal: tooManyExecutes } : merged(analysis, part);
  }
  return analysis;
}

function applyRule(c: Classification): void {
  const rule = statementRules.get(c.node);
  if (rule === undefined) {
    c.refusal = {
      sqlstate: "0A000",
      message: `this kind of statement (${c.node}) is not supported under governance`,
      hint: "Ask an administrator to run it against the database directly.",
    };
    return;
  }
  rule(c, c.fields);
}

function analysisOf(c: Classification): StatementAnalysis {
  const refusal = c.references.refusal ?? c.refusal;
  return {
    node: c.node,
    kind: c.kind,
    asks: c.asks,
    relations: c.references.relations.map(({ oid, id, schema, name, role }) => ({ oid, id, schema, name, role })),
    columns: c.references.columns,
    ...c.where,
    settings: c.settings,
    endsOnly: c.endsOnly && refusal === undefined,
    ...(c.transaction === undefined ? {} : { transaction: c.transaction }),
    changesCatalog: c.changesCatalog,
    literalMatters: c.literalMatters,
    ...(refusal === undefined ? {} : { refusal }),
  };
}

const tooManyExecutes = {
  sqlstate: "0A000",
  message: "prepared statements execute one another",
  hint: "Prepare the statement itself.",
} as const;

/** An EXECUTE, and what stands around it, with what it executes. */
function merged(outer: StatementAnalysis, inner: StatementAnalysis): StatementAnalysis {
  const refusal = outer.refusal ?? inner.refusal;
  return {
    ...outer,
    kind: outer.node === "ExecuteStmt" ? inner.kind : outer.kind,
    asks: [...outer.asks, ...inner.asks],
    relations: [...outer.relations, ...inner.relations],
    columns: [...new Set([...outer.columns, ...inner.columns])],
    hasWhere: inner.hasWhere,
    whereIsConstant: inner.whereIsConstant,
    settings: [...outer.settings, ...inner.settings],
    changesCatalog: outer.changesCatalog || inner.changesCatalog,
    literalMatters: true,
    ...(refusal === undefined ? {} : { refusal }),
  };
}

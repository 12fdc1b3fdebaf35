import { bindingHashOf } from "@/lib/analysis-binding";
import { cursorEffects } from "@/lib/analysis-cursors";
import { estimateOf, isEstimable } from "@/lib/analysis-estimate";
import { keptSplices, keptStatement } from "@/lib/analysis-kept";
import { compiledMasks, type MasksByPrincipal, masksOf } from "@/lib/analysis-masks";
import { type NamesInForce, nameEffects, namesAfter, uncertainNames } from "@/lib/analysis-names";
import type { AnalysisInput, AnalystParts, ConnectInput, Plan, PlannedStatement } from "@/lib/analysis-types";
import { changeKept, noKeptSettings } from "@/lib/kept-settings";
import type { EffectiveMasks } from "@/lib/masking/effective-masks";
import { labelsOf } from "@/lib/masking/labels";
import { compileBundle } from "@/lib/policy/bundle";
import type { CompiledBundle } from "@/lib/policy/compiled";
import { decide, mayConnect } from "@/lib/policy/decide";
import { combineHolds } from "@/lib/policy/hold-terms";
import type { Decision, DecisionInput, RecordedRequest, SessionFacts } from "@/lib/policy/types";
import type { ContextReads } from "@/lib/policy/volatile";
import { wantsEstimate } from "@/lib/policy/wants-estimate";
import { type CatalogIndex, indexCatalog, overlay } from "@/lib/sql/catalog-index";
import { classifyStatement } from "@/lib/sql/classify/classify-statement";
import { type ParsedBatch, type ParsedStatement, parseStatements } from "@/lib/sql/parse";
import { type References, resolveReferences } from "@/lib/sql/resolve";
import { fingerprintOf, shapeOf } from "@/lib/sql/shape";
import { type Substitution, substitute } from "@/lib/sql/substitute";
import type { SqlRefusal, StatementAnalysis } from "@/lib/sql/types";

/** Policies, masking rules and catalogs of one snapshot, ready to analyse. Lives in the thread that compiled it. */
export type CompiledAnalysis = {
  snapshotVersion: string;
  bundle: CompiledBundle;
  /** what of the context any policy reads: what a plan's cache key must tell apart */
  reads: ContextReads;
  databases: Map<string, { labels: Record<string, string>; index: CatalogIndex | null }>;
  masks: MasksByPrincipal;
};

/** @throws Error naming the first fault when the bundle does not compile */
export function compileAnalysis(parts: AnalystParts): CompiledAnalysis {
  const compiled = compileBundle({ files: parts.bundle?.files ?? {}, groups: parts.groups });
  if (!compiled.ok) {
    const fault = compiled.faults.find(({ severity }) => severity === "error");
    throw new Error(`the active bundle does not compile: ${fault?.file ?? ""} ${fault?.message ?? ""}`);
  }
  const { bundle } = compiled;
  const databases = parts.databases.map(({ name, labels, catalog }): [string, CompiledDatabase] => [
    name,
    { labels, index: catalog === null ? null : indexCatalog(catalog, name) },
  ]);
  return {
    snapshotVersion: parts.snapshotVersion,
    bundle,
    reads: bundle.reads,
    databases: new Map(databases),
    masks: compiledMasks(),
  };
}

type CompiledDatabase = { labels: Record<string, string>; index: CatalogIndex | null };

/** Whether the principal may open a session on the database: allow or deny. */
export function decideConnect(compiled: CompiledAnalysis, input: ConnectInput): Decision {
  const labels = compiled.databases.get(input.database)?.labels ?? {};
  return mayConnect(compiled.bundle, { ...input, database: { name: input.database, labels } });
}

/**
 * Everything there is to know about a text before it runs: parse, resolve, ask, mask, decide. Pure in its arguments.
 * Needs the parser to be loaded, and a thread with a large stack for texts that were not measured before.
 * @throws ParserBroken when the parser is no longer to be trusted
 */
export function analyzeText(compiled: CompiledAnalysis, input: AnalysisInput): Plan {
  const batch = parseStatements(input.sql);
  if ("sqlstate" in batch) return refusedBatch(compiled, input, batch);
  const database = compiled.databases.get(input.database);
  if (database === undefined || database.index === null) {
    const plan = planOf(compiled, { input, batch, analysed: [] });
    return { ...plan, refusal: noCatalog };
  }
  const analysed: AnalysedStatement[] = [];
  let session = input.session;
  const { searchPath, role } = input;
  let names: NamesInForce = { searchPath, role, moved: false, uncertain: false, dropped: false };
  let index = overlay(database.index, input.overlay);
  for (const statement of batch.statements) {
    const one = analyzeStatement(compiled, {
      input: { ...input, session, searchPath: names.searchPath, role: names.role },
      batch,
      statement,
      index,
      labels: database.labels,
    });
    if (names.uncertain && one.planned.readsNames === true) one.refusal ??= uncertainNames;
    session = sessionAfter(session, one.analysis);
    const before = names;
    names = namesAfter(names, one.analysis, one.planned);
    if (names.dropped && !before.dropped) index = overlay(database.index, input.overlay.filter(isPermanent));
    analysed.push(one);
  }
  return planOf(compiled, { input, batch, analysed });
}

function isPermanent({ schema }: { schema: string }): boolean {
  return !schema.startsWith("pg_temp_");
}

const noCatalog: SqlRefusal = {
  sqlstate: "ZS003",
  message: "cannot decide safely: the catalog of this database has not been read",
  hint: "nothing was run; an administrator has to synchronise the database",
};

type StatementInput = {
  input: AnalysisInput;
  batch: ParsedBatch;
  statement: ParsedStatement;
  index: CatalogIndex;
  labels: Record<string, string>;
};

type AnalysedStatement = {
  analysis: StatementAnalysis;
  planned: PlannedStatement;
  decision: Decision;
  requests: RecordedRequest[];
  labels: { id: string; labels: string[] }[];
  refusal: SqlRefusal | undefined;
  reuse: Plan["reuse"];
  masksApply: boolean;
  bindings: string;
  estimable: boolean;
  wantsEstimate: boolean;
};

function analyzeStatement(compiled: CompiledAnalysis, one: StatementInput): AnalysedStatement {
  const { input, batch, statement, index } = one;
  const { searchPath, role } = input;
  const references = resolveReferences({ statement, batch, index, searchPath, role });
  const analysis = classifyStatement({
    statement,
    batch,
    index,
    searchPath,
    role,
    references,
    prepared: input.prepared,
  });
  const { masking } = compiled.bundle;
  const labels = analysis.columns.map((id) => ({ id, labels: [...labelsOf(masking, id)] }));
  const asked = decisionInput(one, analysis, labels);
  const { decision, requests } = decide(compiled.bundle, asked);
  const masks = masksOf(compiled.masks, { bundle: compiled.bundle, index, asked, overlaid: input.overlay.length > 0 });
  const kept = keptStatement(statement, input.kept);
  const changed = kept === null ? maskedStatement(one, references, masks) : keptSplices(statement, kept);
  const refusal = refusalOf(analysis, decision, kept !== null && "sqlstate" in kept ? kept : changed);
  const splices = "splices" in changed ? changed.splices : [];
  const substitution = "resultColumns" in changed ? changed : null;
  const wanted = wantsEstimate(compiled.bundle, asked);
  return {
    analysis,
    decision,
    requests,
    labels: labels.filter((column) => column.labels.length > 0),
    refusal,
    // An estimate is of one text at one moment.
    reuse: wanted ? "never" : reuseOf(analysis, kept !== null),
    estimable: isEstimable(analysis, references),
    wantsEstimate: wanted,
    masksApply: masks.principalHasMasks,
    bindings: bindingHashOf(index, analysis, masks),
    planned: {
      node: analysis.node,
      kind: analysis.kind,
      tokens: { from: statement.tokenFrom, to: statement.tokenTo },
      splices,
      settings: analysis.settings,
      endsOnly: analysis.endsOnly,
      ...(analysis.transaction === undefined ? {} : { transaction: analysis.transaction }),
      changesCatalog: analysis.changesCatalog,
      ...(analysis.node === "PrepareStmt" ? { prepares: { name: String(statement.node.name), sql: input.sql } } : {}),
      ...nameEffects(index, statement, { analysis, references }),
      ...cursorEffects(statement),
      relations: analysis.relations,
      masked: substitution?.masked ?? [],
      resultColumns: substitution?.resultColumns ?? null,
    },
  };
}

type Changed = Substitution | SqlRefusal | Pick<Substitution, "splices">;

function maskedStatement(one: StatementInput, references: References, masks: EffectiveMasks): Changed {
  if (references.refusal !== undefined) return references.refusal;
  const { input, batch, statement, index } = one;
  const { searchPath, role } = input;
  const { masksFor, principalHasMasks } = masks;
  return substitute({ batch, statement, index, searchPath, role, references, masksFor, principalHasMasks });
}

/** A policy's no says more than a construct that masks cannot carry; a name or kind that is not known comes first. */
function refusalOf(analysis: StatementAnalysis, decision: Decision, changed: Changed): SqlRefusal | undefined {
  if (analysis.refusal !== undefined) return analysis.refusal;
  return decision.effect !== "deny" && "sqlstate" in changed ? changed : undefined;
}

function reuseOf(analysis: StatementAnalysis, kept: boolean): Plan["reuse"] {
  if (kept || analysis.node === "ExecuteStmt" || analysis.node === "PrepareStmt") return "never";
  return analysis.literalMatters ? "text" : "shape";
}

function decisionInput(
  { input, batch, statement, labels: databaseLabels }: StatementInput,
  analysis: StatementAnalysis,
  labels: { labels: string[] }[],
): DecisionInput {
  const { principal, session, time, usage, grants, waived } = input;
  return {
    principal,
    database: { name: input.database, labels: databaseLabels },
    session,
    time,
    usage,
    grants,
    waived,
    asks: analysis.asks,
    statement: {
      kind: analysis.kind,
      fingerprint: fingerprintOf(
        shapeOf(batch.sql, batch.tokens.subarray(statement.tokenFrom * 3, statement.tokenTo * 3)),
      ),
      statementsInBatch: batch.statements.length,
      tables: [...new Set(analysis.relations.map(({ id }) => id))],
      sensitivity: [...new Set(labels.flatMap((column) => column.labels))],
      ...(input.estimatedRows === undefined ? {} : { estimatedRows: input.estimatedRows }),
    },
  };
}

/** What a SET of the broker's own settings earlier in a batch means for the statements behind it. */
function sessionAfter(session: SessionFacts, analysis: StatementAnalysis): SessionFacts {
  let kept = {
    ...noKeptSettings(),
    reason: session.reason ?? null,
    purpose: session.purpose ?? null,
    onBehalfOf: session.onBehalfOf ?? null,
    breakGlass: session.breakGlass,
  };
  let changes = false;
  for (const { name, value } of analysis.settings) {
    const changed = changeKept(kept, name, value);
    if (!changed.ok) continue;
    kept = { ...kept, ...changed.kept };
    changes = true;
  }
  if (!changes) return session;
  const { reason: _reason, purpose: _purpose, onBehalfOf: _onBehalfOf, ...others } = session;
  return {
    ...others,
    breakGlass: kept.breakGlass,
    ...(kept.reason === null ? {} : { reason: kept.reason }),
    ...(kept.purpose === null ? {} : { purpose: kept.purpose }),
    ...(kept.onBehalfOf === null ? {} : { onBehalfOf: kept.onBehalfOf }),
  };
}

type PlanParts = { input: AnalysisInput; batch: ParsedBatch; analysed: AnalysedStatement[] };

/** One plan for a batch: the strictest decision wins, and it runs whole or not at all. */
function planOf(compiled: CompiledAnalysis, { input, batch, analysed }: PlanParts): Plan {
  const shape = shapeOf(batch.sql, batch.tokens);
  const refusal = analysed.find((one) => one.refusal !== undefined)?.refusal;
  const labels = new Map(analysed.flatMap((one) => one.labels).map((column) => [column.id, column]));
  const reuses = analysed.map(({ reuse }) => reuse);
  return {
    snapshotVersion: compiled.snapshotVersion,
    shape,
    fingerprint: fingerprintOf(shape),
    statements: analysed.map(({ planned }) => planned),
    decision: strictest(
      compiled.bundle,
      analysed.map(({ decision }) => decision),
    ),
    requests: analysed.flatMap(({ requests }) => requests),
    tables: unique(analysed.flatMap(({ analysis }) => analysis.relations.map(({ id }) => id))),
    columns: unique(analysed.flatMap(({ analysis }) => analysis.columns)),
    labels: unique([...labels.values()].flatMap((column) => column.labels)),
    columnLabels: [...labels.values()],
    ...(refusal === undefined ? {} : { refusal }),
    bindingHash:
      analysed.length === 1 ? analysed[0]!.bindings : fingerprintOf(analysed.map((one) => one.bindings).join(" ")),
    masksApply: analysed.some(({ masksApply }) => masksApply),
    ...estimateOf(input, analysed),
    reuse: reuses.includes("never") ? "never" : reuses.includes("text") ? "text" : "shape",
  };
}

/** Deny over hold over allow; holds of several statements add up to one. */
function strictest(bundle: CompiledBundle, decisions: Decision[]): Decision {
  const observed = decisions.flatMap((decision) => decision.observed);
  const denied = decisions.find((decision) => decision.effect === "deny");
  if (denied !== undefined) return { ...denied, observed };
  const held = decisions.filter((decision) => decision.effect === "hold");
  const policies = unique(
    decisions.filter(({ effect }) => held.length === 0 || effect === "hold").flatMap((one) => one.policies),
  );
  const first = held[0];
  if (first === undefined) return { effect: "allow", policies, observed };
  const settings = policies.map((id) => bundle.byId.get(id)?.settings.hold).filter((hold) => hold != null);
  const [one, ...others] = settings;
  return { ...first, policies, observed, terms: one === undefined ? first.terms : combineHolds([one, ...others]) };
}

function refusedBatch(compiled: CompiledAnalysis, input: AnalysisInput, refusal: SqlRefusal): Plan {
  const shape = `(${refusal.message})`;
  const plan = planOf(compiled, {
    input,
    batch: { sql: "", tokens: new Int32Array(0), byteStarts: new Int32Array(0), statements: [] },
    analysed: [],
  });
  return { ...plan, shape, fingerprint: fingerprintOf(shape), refusal, reuse: "text" };
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}

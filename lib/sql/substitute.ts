import type { RelationMasks } from "@/lib/masking/types";
import { type CatalogIndex, columnId } from "./catalog-index";
import { type ParsedBatch, type ParsedStatement, parseStatements } from "./parse";
import { type References, resolveReferences } from "./resolve";
import type { RelationUse } from "./resolve-context";
import { applySplices } from "./splices";
import {
  EditError,
  type Edits,
  qualifyFunction,
  qualifyRelation,
  shortenColumn,
  substituteCopy,
  substituteRelation,
} from "./substitute-edits";
import { groupByKey } from "./substitute-group";
import { refuseNames } from "./substitute-names";
import { unsupported } from "./substitute-refusal";
import { isSubstituted, refuseStatement } from "./substitute-statement";
import { rebuild, sameTree } from "./substitute-tree";
import { refuseWrites } from "./substitute-write";
import type { Splice, SqlRefusal } from "./types";
import { strings } from "./walk";

export type SubstituteInput = {
  batch: ParsedBatch;
  statement: ParsedStatement;
  index: CatalogIndex;
  searchPath: readonly string[];
  role?: string | undefined;
  /** what `resolveReferences` said of the statement, where it has been asked already */
  references?: References;
  masksFor(oid: number): RelationMasks | undefined;
  /** whether anything in the database is masked for the principal */
  principalHasMasks: boolean;
};

export type Substitution = {
  /** in token indexes of the batch, sorted and apart from each other */
  splices: Splice[];
  /** masked columns that the statement touches, with the rule that masks each */
  masked: { column: string; rule: string }[];
  relations: { oid: number; id: string; schema: string; name: string }[];
  /** columns of the result of a SELECT by a principal with masks; null where unknown */
  resultColumns: number | null;
};

/**
 * Puts a masked SELECT in the place of every relation with masks that the statement reads, and writes every other
 * name in full. The changed text is parsed again and compared with the tree that the changes should give; whatever
 * is not certain is refused with 0A000. Principals without masks get their statement unchanged. Needs the parser.
 */
export function substitute(input: SubstituteInput): Substitution | SqlRefusal {
  const references = input.references ?? resolveReferences(input);
  if (references.refusal !== undefined) return references.refusal;
  if (!input.principalHasMasks) return result(input, references, []);
  const { tag, node } = input.statement;
  const refusal =
    refuseStatement(tag, node) ??
    (isSubstituted(tag) ? refuseNames(input.batch, input.index, references) : undefined) ??
    refuseShapes(input, references) ??
    refuseWrites({ index: input.index, references, masksFor: input.masksFor });
  if (refusal !== undefined) return refusal;
  if (!isSubstituted(tag)) return result(input, references, []);
  const edits: Edits = { splices: [], replacements: new Map() };
  try {
    addEdits(edits, input, references);
  } catch (error) {
    if (error instanceof EditError) return notSubstituted();
    throw error;
  }
  edits.splices.sort((one, other) => one.from - other.from || one.to - other.to);
  return isVerified(input, edits) ? result(input, references, edits.splices) : notSubstituted();
}

function notSubstituted(): SqlRefusal {
  return unsupported(
    "this statement's masked relations cannot be substituted",
    "Write it in a simpler form: one plain name per relation, without column aliases or computed TABLESAMPLE arguments.",
  );
}

function addEdits(edits: Edits, input: SubstituteInput, references: References): void {
  const { batch, statement, masksFor } = input;
  for (const use of references.relations) {
    const masks = masksFor(use.oid);
    if (use.role === "locked") continue;
    if (use.role === "target" || masks === undefined) qualifyRelation(edits, batch, use);
    else if (statement.tag === "CopyStmt" && use.node === statement.node.relation) {
      substituteCopy(edits, batch, statement.node, { relation: use, masks });
    } else substituteRelation(edits, batch, use, masks);
  }
  for (const use of references.systemRelations) qualifyRelation(edits, batch, use);
  for (const use of references.functions) qualifyFunction(edits, batch, use);
  for (const use of references.qualifiedColumns) {
    if (namesMasked(references, masksFor, use.names)) shortenColumn(edits, batch, use.node);
  }
  for (const use of references.groups) groupByKey(edits, batch, use, masksFor);
}

/** Whether the relation that a long column name goes through is substituted. */
function namesMasked(references: References, masksFor: SubstituteInput["masksFor"], names: readonly string[]): boolean {
  return references.relations.some(
    (use) => use.role === "source" && use.alias === null && names.includes(use.name) && masksFor(use.oid) !== undefined,
  );
}

/** Constructs that a subquery in the place of a table cannot carry. */
function refuseShapes({ masksFor }: SubstituteInput, references: References): SqlRefusal | undefined {
  const masked = (use: { oid: number }): boolean => masksFor(use.oid) !== undefined;
  const sources = references.relations.filter((use) => use.role === "source" && masked(use));
  const system = references.systemColumns.find((use) => masked(use.relation));
  if (system !== undefined) {
    return unsupported(
      `system column ${system.name} of ${system.relation.name} is not available while its columns are masked`,
      "Use the primary key instead.",
    );
  }
  for (const items of references.locks) {
    const locked = items.find((item) => (item.relation === null ? sources.length > 0 : masked(item.relation)));
    if (locked === undefined) continue;
    return unsupported(
      "row locks on masked relations are not supported",
      "Leave FOR UPDATE or FOR SHARE out, or name unmasked relations with OF.",
    );
  }
  const hidden = sources.find((use) => hidesColumns(use));
  if (hidden === undefined) return undefined;
  return unsupported(
    `a column alias list on ${hidden.name} is not supported while its columns are masked`,
    "Rename the columns in the SELECT list: some of the relation's columns may not be read.",
  );
}

/** An alias list counts columns; those that may not be read are not listed in the substitute. */
function hidesColumns(use: RelationUse): boolean {
  const alias = use.node.alias as { colnames?: unknown } | undefined;
  return strings(alias?.colnames).length > 0 && use.relation.columns.some((column) => !column.readable);
}

/** INVARIANT: the text that is sent parses to the client's tree with exactly the intended changes. */
function isVerified({ batch, statement }: SubstituteInput, edits: Edits): boolean {
  const range = { from: statement.tokenFrom, to: statement.tokenTo };
  const again = parseStatements(applySplices(batch.sql, batch.tokens, edits.splices, range), {
    bytesMax: substitutedBytesMax,
  });
  const only = "sqlstate" in again || again.statements.length !== 1 ? undefined : again.statements[0];
  if (only === undefined) return false;
  const expected = rebuild({ [statement.tag]: statement.node }, edits.replacements);
  return sameTree(expected, { [only.tag]: only.node });
}

/** The masks' text comes on top of what a client may send. */
const substitutedBytesMax = 8 * 1024 * 1024;

function result(input: SubstituteInput, references: References, splices: Splice[]): Substitution {
  const touched = new Set(references.columns);
  const masked = new Map<string, string>();
  let unreadable = false;
  for (const use of references.relations) {
    unreadable ||= use.relation.columns.some((column) => !column.readable);
    for (const [name, mask] of input.masksFor(use.oid) ?? []) {
      const id = columnId(input.index.databaseName, use.relation, name);
      if (touched.has(id) && use.role === "source") masked.set(id, mask.rule);
    }
  }
  const { columns, open } = references.output;
  const isCounted = input.principalHasMasks && input.statement.tag === "SelectStmt" && !open && !unreadable;
  return {
    splices,
    masked: [...masked].map(([column, rule]) => ({ column, rule })),
    relations: references.relations.map(({ oid, id, schema, name }) => ({ oid, id, schema, name })),
    resultColumns: isCounted ? columns.length : null,
  };
}

import type { RelationMasks } from "@/lib/masking/types";
import { tokenAtByte } from "./byte-offsets";
import { functionClass } from "./functions";
import { TokenKind, tokenCount, tokenKind, tokenText } from "./lex";
import { quoteSqlIdent } from "./names";
import type { ParsedBatch } from "./parse";
import type { FunctionUse, RelationUse, SystemUse } from "./resolve-context";
import { maskedSelect, qualifiedName, treeOf } from "./substitute-relation";
import type { Replacements } from "./substitute-tree";
import type { Splice } from "./types";
import { listOf, locationOf, type Tree, unwrap } from "./walk";

/** Changes to the text, and the same changes to its tree: the two must agree in the end. */
export type Edits = { splices: Splice[]; replacements: Replacements };

/** Thrown inside the folder when the text is not as expected at a place: the statement is refused. */
export class EditError extends Error {
  override name = "EditError";
}

export function addSplice(edits: Edits, splice: Splice): void {
  const same = edits.splices.find((one) => one.from === splice.from && one.to === splice.to);
  // SET (a, b) = (SELECT …) stands once in the text and once per column in the tree.
  if (same === undefined) edits.splices.push(splice);
  else if (same.text !== splice.text) throw new EditError("two changes of one place differ");
}

/** Token indexes [from, to) of a possibly qualified name that begins at a byte offset. */
export function nameRange(batch: ParsedBatch, byteStart: number): { from: number; to: number } {
  const from = tokenAtByte(batch.byteStarts, byteStart);
  if (from < 0 || !isName(batch, from)) throw new EditError("no name where the tree has one");
  let to = from + 1;
  while (textAt(batch, to) === "." && isName(batch, to + 1)) to += 2;
  return { from, to };
}

function isName(batch: ParsedBatch, index: number): boolean {
  if (index >= tokenCount(batch.tokens)) return false;
  const kind = tokenKind(batch.tokens, index);
  return kind === TokenKind.word || kind === TokenKind.quotedIdent;
}

/** Text of a token; empty outside the batch. */
export function textAt(batch: ParsedBatch, index: number): string {
  return index < 0 || index >= tokenCount(batch.tokens) ? "" : tokenText(batch.sql, batch.tokens, index);
}

function isWord(batch: ParsedBatch, index: number, word: string): boolean {
  return textAt(batch, index).toLowerCase() === word && tokenKind(batch.tokens, index) === TokenKind.word;
}

/** Writes an unmasked relation's name in full, so that nothing later can give it another meaning. */
export function qualifyRelation(edits: Edits, batch: ParsedBatch, use: RelationUse | SystemUse): void {
  addSplice(edits, { ...nameRange(batch, use.byteStart), text: qualifiedName(use) });
  edits.replacements.set(use.node, (fields) => ({ fields: qualified(fields, use) }));
}

function qualified(fields: Tree, name: { schema: string; name: string }): Tree {
  const { catalogname: _catalog, ...rest } = fields;
  return { ...rest, schemaname: name.schema, relname: name.name };
}

/** Puts a masked SELECT in the place of a relation in FROM. */
export function substituteRelation(edits: Edits, batch: ParsedBatch, use: RelationUse, masks: RelationMasks): void {
  const only = use.node.inh !== true;
  const select = maskedSelect({ relation: use.relation, masks, only });
  if (use.sample !== null) {
    substituteSample(edits, batch, { use, select: select.text, only });
    return;
  }
  const range = relationRange(batch, use, only);
  // TABLE x is short for SELECT * FROM x.
  const command = isWord(batch, range.from - 1, "table");
  const alias = use.alias === null ? ` AS ${quoteSqlIdent(use.name)}` : "";
  const text = `${command ? "SELECT * FROM " : ""}(${select.text})${alias}`;
  addSplice(edits, { from: command ? range.from - 1 : range.from, to: range.to, text });
  edits.replacements.set(use.node, (fields) => ({
    tag: "RangeSubselect",
    fields: { subquery: { SelectStmt: select.tree }, alias: fields.alias ?? { aliasname: use.name } },
  }));
}

/** The relation's tokens with ONLY in front, brackets around, and `*` behind. */
function relationRange(batch: ParsedBatch, use: RelationUse, only: boolean): { from: number; to: number } {
  const range = nameRange(batch, use.byteStart);
  if (!only) return textAt(batch, range.to) === "*" ? { from: range.from, to: range.to + 1 } : range;
  if (isWord(batch, range.from - 1, "only")) return { from: range.from - 1, to: range.to };
  if (
    textAt(batch, range.from - 1) === "(" &&
    isWord(batch, range.from - 2, "only") &&
    textAt(batch, range.to) === ")"
  ) {
    return { from: range.from - 2, to: range.to + 1 };
  }
  throw new EditError("ONLY is not where the tree has it");
}

/** `t AS a TABLESAMPLE …` becomes `(SELECT … FROM t AS a TABLESAMPLE …) AS a`. */
function substituteSample(
  edits: Edits,
  batch: ParsedBatch,
  { use, select, only }: { use: RelationUse; select: string; only: boolean },
): void {
  const sample = use.sample ?? {};
  if (
    listOf((use.node.alias as Tree | undefined)?.colnames).length > 0 ||
    !isConstant([sample.args, sample.repeatable])
  ) {
    throw new EditError("TABLESAMPLE with column aliases or computed arguments");
  }
  const range = relationRange(batch, use, only);
  addSplice(edits, { ...range, text: `(${select}` });
  const alias = use.alias ?? use.name;
  addSplice(edits, insertion(sampleEnd(batch, locationOf(sample)), `) AS ${quoteSqlIdent(alias)}`));
  const inner = treeOf(select);
  edits.replacements.set(sample, (fields) => {
    const relation = listOf(inner.fromClause)[0] as Tree;
    const rangeVar = {
      ...(relation.RangeVar as Tree),
      ...(use.node.alias === undefined ? {} : { alias: use.node.alias }),
    };
    const fromClause = [{ RangeTableSample: { ...fields, relation: { RangeVar: rangeVar } } }];
    return {
      tag: "RangeSubselect",
      fields: { subquery: { SelectStmt: { ...inner, fromClause } }, alias: { aliasname: alias } },
    };
  });
}

export function insertion(at: number, text: string): Splice {
  return { from: at, to: at, text };
}

function isConstant(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isConstant);
  if (value === undefined) return true;
  const tag = unwrap(value)?.tag;
  return tag === "A_Const" || tag === "ParamRef";
}

/** The token behind TABLESAMPLE method(…) REPEATABLE (…). */
function sampleEnd(batch: ParsedBatch, byteStart: number): number {
  const start = tokenAtByte(batch.byteStarts, byteStart);
  if (start < 0) throw new EditError("no TABLESAMPLE where the tree has one");
  // The tree points at TABLESAMPLE or at the method's name.
  const method = isWord(batch, start, "tablesample") ? start + 1 : start;
  const end = closing(batch, nameRange(batch, batch.byteStarts[method] ?? -1).to);
  return isWord(batch, end, "repeatable") ? closing(batch, end + 1) : end;
}

/** The token behind the bracket that closes the one at `open`. */
function closing(batch: ParsedBatch, open: number): number {
  if (textAt(batch, open) !== "(") throw new EditError("no bracket where one is expected");
  let depth = 0;
  for (let index = open; index < tokenCount(batch.tokens); index += 1) {
    const text = textAt(batch, index);
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    if (depth === 0) return index + 1;
  }
  throw new EditError("a bracket stays open");
}

/** Built-in functions are named in full: no search_path can put another one in their place. */
export function qualifyFunction(edits: Edits, batch: ParsedBatch, use: FunctionUse): void {
  if (use.node === null || use.schema !== null || functionClass(use.name) === "unknown") return;
  const range = nameRange(batch, use.byteStart);
  if (range.to !== range.from + 1) throw new EditError("a function's name is not where the tree has it");
  addSplice(edits, { ...range, text: `pg_catalog.${textAt(batch, range.from)}` });
  edits.replacements.set(use.node, (fields) => ({
    fields: { ...fields, funcname: [{ String: { sval: "pg_catalog" } }, ...listOf(fields.funcname)] },
  }));
}

/** `schema.relation.column` becomes `relation.column`: a subquery has no schema. */
export function shortenColumn(edits: Edits, batch: ParsedBatch, node: Tree): void {
  const dropped = listOf(node.fields).length - 2;
  if (dropped < 1) return;
  const from = tokenAtByte(batch.byteStarts, locationOf(node));
  if (from < 0) throw new EditError("no column where the tree has one");
  addSplice(edits, { from, to: from + dropped * 2, text: "" });
  edits.replacements.set(node, (fields) => ({ fields: { ...fields, fields: listOf(fields.fields).slice(dropped) } }));
}

/** COPY t (a, b) TO … becomes COPY (SELECT a, b FROM …) TO …; generated columns are left out as COPY does. */
export function substituteCopy(
  edits: Edits,
  batch: ParsedBatch,
  copy: Tree,
  use: { relation: RelationUse; masks: RelationMasks },
): void {
  const { relation, masks } = use;
  const listed = listOf(copy.attlist).flatMap((name) => {
    const text = (unwrap(name)?.fields.sval ?? "") as string;
    return [text];
  });
  const all = relation.relation.columns.filter((column) => !column.generated).map((column) => column.name);
  const columns = listed.length > 0 ? listed : all;
  const unreadable = relation.relation.columns.some((column) => !column.readable && columns.includes(column.name));
  const known = columns.every((name) => relation.relation.columns.some((column) => column.name === name));
  if (unreadable || !known || columns.length === 0) throw new EditError("COPY of columns that cannot be read");
  const only = relation.relation.kind === "r" || relation.relation.kind === "f";
  const select = maskedSelect({ relation: relation.relation, masks, only, columns });
  const range = nameRange(batch, relation.byteStart);
  const to = listed.length > 0 ? closing(batch, range.to) : range.to;
  addSplice(edits, { from: range.from, to, text: `(${select.text})` });
  edits.replacements.set(copy, (fields) => {
    const { relation: _relation, attlist: _list, ...rest } = fields;
    return { fields: { ...rest, query: { SelectStmt: select.tree } } };
  });
}

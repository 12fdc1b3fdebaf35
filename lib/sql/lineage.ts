import type { CatalogRelation } from "./catalog";
import type { CatalogIndex } from "./catalog-index";
import { parseStatements } from "./parse";
import { newResolution, resolveReferences } from "./resolve";
import { type Env, type Origin, relationColumns, unknownOrigin } from "./scope";
import { refuseNames } from "./substitute-names";
import { fieldsOf, listOf } from "./walk";

/** Where the columns of a view come from: constants, columns of other relations, or unknown. */
export type RelationLineage = {
  /** by column name; a column that is missing here has an unknown origin */
  columns: Map<string, Origin>;
  /** oids of the relations that the definition reads; null when it cannot be read */
  reads: number[] | null;
};

const unreadable: RelationLineage = { columns: new Map(), reads: null };
const views = new WeakMap<CatalogIndex, Map<number, RelationLineage>>();

/**
 * Lineage of a view or materialised view over its definition. Needs the parser, so it runs where statements are
 * analysed; remembered per index. Whatever cannot be read has an unknown origin.
 */
export function viewLineage(index: CatalogIndex, relation: CatalogRelation): RelationLineage {
  let known = views.get(index);
  if (known === undefined) {
    known = new Map();
    views.set(index, known);
  }
  let lineage = known.get(relation.oid);
  if (lineage === undefined) {
    lineage = readView(index, relation);
    known.set(relation.oid, lineage);
  }
  return lineage;
}

function readView(index: CatalogIndex, relation: CatalogRelation): RelationLineage {
  const batch = relation.definition === undefined ? undefined : parseStatements(relation.definition);
  if (batch === undefined || "sqlstate" in batch) return unreadable;
  const statement = batch.statements[0];
  if (statement === undefined || batch.statements.length !== 1 || statement.tag !== "SelectStmt") return unreadable;
  // The catalog's reader made the server qualify every name, so no search path is involved.
  const references = resolveReferences({ statement, batch, index, searchPath: [] });
  if (references.refusal !== undefined) return unreadable;
  const { columns, open } = references.output;
  const reads = references.relations.map((use) => use.oid);
  // What can run somebody's code, or shows settings and source text, may put out anything.
  const opaque = refuseNames(batch, index, { ...references, functions: [] }) !== undefined;
  if (opaque || open || columns.length !== relation.columns.length) return { columns: new Map(), reads };
  const byName = relation.columns.map((column, at): [string, Origin] => [
    column.name,
    columns[at]?.origin ?? unknownOrigin,
  ]);
  return { columns: new Map(byName), reads };
}

/** Where a generated column's value comes from, in terms of its own relation. */
export function generatedOrigin(
  index: CatalogIndex,
  relation: CatalogRelation,
  expression: string | undefined,
): Origin {
  const batch = expression === undefined ? undefined : parseStatements(`SELECT ${expression}`);
  if (batch === undefined || "sqlstate" in batch || batch.statements.length !== 1) return unknownOrigin;
  const target = fieldsOf(listOf(batch.statements[0]?.node.targetList)[0], "ResTarget");
  if (target === undefined) return unknownOrigin;
  const columns = relationColumns(index.databaseName, relation);
  const item = {
    name: relation.name,
    schema: relation.schema,
    columns,
    open: null,
    relation,
    system: [],
    target: false,
  };
  const env: Env = { scope: { items: [item], parent: null }, ctes: null };
  return newResolution({ index, searchPath: [] }).expression(target.val, env);
}

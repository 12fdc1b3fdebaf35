import type { CatalogRelation } from "@/lib/sql/catalog";
import { type CatalogIndex, columnId } from "@/lib/sql/catalog-index";
import { generatedOrigin, viewLineage } from "@/lib/sql/lineage";
import { parseDottedId } from "@/lib/sql/names";
import type { Origin } from "@/lib/sql/scope";
import { masksForRelation, redactedBy } from "./masks";
import type { ColumnMask, MaskingConfig, RelationMasks } from "./types";

export type EffectiveMasksInput = {
  config: MaskingConfig;
  /** of the session: ids begin with its registered name */
  index: CatalogIndex;
  /** of the principal */
  groups: readonly string[];
  /** ids of columns that a policy or a grant unmasks */
  unmasked: ReadonlySet<string>;
  /** ids of columns that a policy forbids to unmask */
  forbidden?: ReadonlySet<string>;
};

export type EffectiveMasks = {
  /** masks of a relation, its own and inherited ones; undefined when it has none */
  masksFor(oid: number): RelationMasks | undefined;
  /** whether anything at all in this database is masked for the principal */
  principalHasMasks: boolean;
};

/** Rule named where a column is masked because its origin is not known. */
export const unknownOriginRuleId = "default.unknown-origin";

/**
 * The masks of one principal in one database. Beyond its own rules a column is masked when what it is made of is:
 * views and materialised views by lineage, generated columns by their expression, partitions and inheritance
 * children and parents by name. A value that is one masked column unchanged keeps that column's mask; anything made
 * of masked columns, or of unknown ones, is redacted. Computed on demand and remembered in the returned object.
 */
export function effectiveMasks(input: EffectiveMasksInput): EffectiveMasks {
  const own = new Map<number, RelationMasks>();
  const ownMasks = (relation: CatalogRelation): RelationMasks => {
    let masks = own.get(relation.oid);
    if (masks === undefined) {
      masks = masksForRelation({ ...input, database: input.index.databaseName, relation });
      own.set(relation.oid, masks);
    }
    return masks;
  };
  const principalHasMasks = ruledRelations(input.config, input.index).some((relation) => ownMasks(relation).size > 0);
  const known = new Map<number, RelationMasks>();
  const state: State = { input, ownMasks, principalHasMasks, known, running: new Set() };
  return {
    principalHasMasks,
    masksFor: (oid) => {
      const masks = relationMasks(state, oid);
      return masks.size === 0 ? undefined : masks;
    },
  };
}

const ruled = new WeakMap<CatalogIndex, WeakMap<MaskingConfig, CatalogRelation[]>>();

/** Relations that rules speak of, whoever asks: groups and grants only take masks away. */
function ruledRelations(config: MaskingConfig, index: CatalogIndex): CatalogRelation[] {
  let byConfig = ruled.get(index);
  if (byConfig === undefined) {
    byConfig = new WeakMap();
    ruled.set(index, byConfig);
  }
  let relations = byConfig.get(config);
  if (relations === undefined) {
    const nobody = { config, database: index.databaseName, groups: [], unmasked: new Set<string>() };
    const own = index.ownRelations.filter((relation) => masksForRelation({ ...nobody, relation }).size > 0);
    relations = index.base === undefined ? own : [...ruledRelations(config, index.base), ...own];
    byConfig.set(config, relations);
  }
  return relations;
}

type State = {
  input: EffectiveMasksInput;
  ownMasks(relation: CatalogRelation): RelationMasks;
  principalHasMasks: boolean;
  known: Map<number, RelationMasks>;
  /** relations under way: a definition that leads back to itself has an unknown origin */
  running: Set<number>;
};

function relationMasks(state: State, oid: number): RelationMasks {
  const known = state.known.get(oid);
  if (known !== undefined) return known;
  const relation = state.input.index.byOid(oid);
  if (relation === undefined) return new Map();
  if (state.running.has(oid)) return allRedacted(relation);
  state.running.add(oid);
  const masks = new Map(state.ownMasks(relation));
  if (relation.kind === "v" || relation.kind === "m") addViewMasks(state, relation, masks);
  else {
    addFamilyMasks(state, relation, masks);
    addGeneratedMasks(state, relation, masks);
  }
  state.running.delete(oid);
  state.known.set(oid, masks);
  return masks;
}

function allRedacted(relation: CatalogRelation): RelationMasks {
  return new Map(relation.columns.map((column) => [column.name, redactedBy(unknownOriginRuleId)]));
}

function addViewMasks(state: State, relation: CatalogRelation, masks: RelationMasks): void {
  const lineage = viewLineage(state.input.index, relation);
  const readsMasked =
    lineage.reads === null ? state.principalHasMasks : lineage.reads.some((oid) => relationMasks(state, oid).size > 0);
  for (const column of relation.columns) {
    if (masks.has(column.name)) continue;
    const origin = lineage.columns.get(column.name);
    const mask = origin === undefined ? undefined : originMask(state, origin);
    if (mask !== undefined) masks.set(column.name, mask);
    // What an unknown expression makes of a relation without masks cannot reach masked values, except by functions.
    else if ((origin === undefined || origin.unknown) && (readsMasked || state.principalHasMasks)) {
      masks.set(column.name, redactedBy(unknownOriginRuleId));
    }
  }
}

/** The mask that values of this origin need; undefined when every column they come from is in clear. */
function originMask(state: State, origin: Origin): ColumnMask | undefined {
  for (const id of origin.columns) {
    const source = sourceMask(state, id);
    if (source === undefined) continue;
    return origin.verbatim === true && origin.columns.size === 1 ? source : redactedBy(source.rule);
  }
  return undefined;
}

function sourceMask(state: State, id: string): ColumnMask | undefined {
  const [, schema, name, column] = parseDottedId(id) ?? [];
  const relation = state.input.index.relation(schema ?? "", name ?? "");
  if (relation === undefined || column === undefined) return redactedBy(unknownOriginRuleId);
  return relationMasks(state, relation.oid).get(column);
}

/** A parent shows its children's rows, and a child was written through its parent: both carry the same values. */
function addFamilyMasks(state: State, relation: CatalogRelation, masks: RelationMasks): void {
  const { index } = state.input;
  const names = new Set(relation.columns.map((column) => column.name));
  const inherit = (oids: readonly number[], next: (oid: number) => readonly number[], seen: Set<number>): void => {
    for (const oid of oids) {
      if (seen.has(oid)) continue;
      seen.add(oid);
      const other = index.byOid(oid);
      if (other === undefined) continue;
      for (const [column, mask] of state.ownMasks(other)) {
        if (names.has(column) && !masks.has(column)) masks.set(column, mask);
      }
      inherit(next(oid), next, seen);
    }
  };
  inherit(relation.parents, (oid) => index.byOid(oid)?.parents ?? [], new Set([relation.oid]));
  inherit(index.childrenOf(relation.oid), (oid) => index.childrenOf(oid), new Set([relation.oid]));
}

function addGeneratedMasks(state: State, relation: CatalogRelation, masks: RelationMasks): void {
  if (masks.size === 0) return;
  const { index } = state.input;
  for (const column of relation.columns) {
    if (!column.generated || masks.has(column.name)) continue;
    const origin = generatedOrigin(index, relation, column.expression);
    const masked = relation.columns.find(
      (one) => masks.has(one.name) && origin.columns.has(columnId(index.databaseName, relation, one.name)),
    );
    if (masked !== undefined) masks.set(column.name, redactedBy(masks.get(masked.name)?.rule ?? unknownOriginRuleId));
    else if (origin.unknown) masks.set(column.name, redactedBy(unknownOriginRuleId));
  }
}

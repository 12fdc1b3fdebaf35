import { type EffectiveMasks, type EffectiveMasksInput, effectiveMasks } from "@/lib/masking/effective-masks";
import { labelsOf } from "@/lib/masking/labels";
import type { CompiledBundle } from "@/lib/policy/compiled";
import type { DecisionInput } from "@/lib/policy/types";
import { askUnmask } from "@/lib/policy/unmask";
import { type CatalogIndex, columnId } from "@/lib/sql/catalog-index";

/** Masks by who sees what: computed once for every set of groups and unmasked columns. */
export type MasksByPrincipal = Map<string, EffectiveMasks>;

export type MasksInput = {
  bundle: CompiledBundle;
  index: CatalogIndex;
  asked: DecisionInput;
  /** the session has relations of its own, so that nothing can be shared with others */
  overlaid: boolean;
};

const principalsMax = 500;

export function compiledMasks(): MasksByPrincipal {
  return new Map();
}

/** The masks in force for the principal of this statement. */
export function masksOf(known: MasksByPrincipal, { bundle, index, asked, overlaid }: MasksInput): EffectiveMasks {
  const { groups } = asked.principal;
  const config = bundle.masking;
  const none = { config, index, groups, unmasked: noColumns, forbidden: noColumns };
  const base = overlaid ? effectiveMasks(none) : remembered(known, none);
  if (!namesUnmask(bundle)) return base;
  const candidates = labelledColumns(config, index);
  const { asks: _asks, waived: _waived, ...facts } = asked;
  const { permitted, forbidden } = askUnmask(bundle, facts, candidates);
  if (permitted.size === 0 && forbidden.size === 0) return base;
  const input = { config, index, groups, unmasked: permitted, forbidden };
  return overlaid ? effectiveMasks(input) : remembered(known, input);
}

const noColumns: ReadonlySet<string> = new Set();

function namesUnmask(bundle: CompiledBundle): boolean {
  return (bundle.byAction.get("unmask")?.enforced.length ?? 0) > 0;
}

type EffectiveInput = EffectiveMasksInput & { forbidden: ReadonlySet<string> };

function remembered(known: MasksByPrincipal, input: EffectiveInput): EffectiveMasks {
  const { index, groups, unmasked, forbidden } = input;
  const key = JSON.stringify([index.databaseName, [...groups].sort(), [...unmasked].sort(), [...forbidden].sort()]);
  let masks = known.get(key);
  if (masks === undefined) {
    if (known.size >= principalsMax) known.clear();
    masks = effectiveMasks(input);
    known.set(key, masks);
  }
  return masks;
}

const candidatesByIndex = new WeakMap<CatalogIndex, Map<object, { id: string; labels: readonly string[] }[]>>();

/** Every column that a label or a rule can speak of, once per catalog and configuration. */
function labelledColumns(
  config: CompiledBundle["masking"],
  index: CatalogIndex,
): { id: string; labels: readonly string[] }[] {
  let byConfig = candidatesByIndex.get(index);
  if (byConfig === undefined) {
    byConfig = new Map();
    candidatesByIndex.set(index, byConfig);
  }
  let columns = byConfig.get(config);
  if (columns === undefined) {
    const masks = effectiveMasks({ config, index, groups: [], unmasked: noColumns });
    columns = index.catalog.relations.flatMap((relation) =>
      [...(masks.masksFor(relation.oid)?.keys() ?? [])].map((name) => {
        const id = columnId(index.databaseName, relation, name);
        return { id, labels: labelsOf(config, id) };
      }),
    );
    byConfig.set(config, columns);
  }
  return columns;
}

import { createHash } from "node:crypto";

import type { EffectiveMasks } from "@/lib/masking/effective-masks";
import type { CatalogIndex } from "@/lib/sql/catalog-index";
import { dottedId } from "@/lib/sql/names";
import type { StatementAnalysis } from "@/lib/sql/types";

/**
 * SHA-256 hex over what an approval is bound to: the relations with their columns, types, view text, rules and
 * triggers, and the masks in force on them, and the functions that it
 * calls or names, as they are defined now. Indexes, partitions and statistics are left out: they change nothing that a
 * reviewer agreed to.
 */
export function bindingHashOf(
  index: CatalogIndex,
  { relations, asks }: Pick<StatementAnalysis, "relations" | "asks">,
  masks: EffectiveMasks,
): string {
  // A name that is no relation's, a function's for one, means another thing under another search_path.
  const asked = asks.map(({ action, resource }) => `${action} ${resource.type} ${resource.id}`).sort();
  const bound = [...new Map(relations.map((relation) => [relation.oid, relation])).values()]
    .sort((a, b) => a.oid - b.oid)
    .map(({ oid, id }) => {
      const relation = index.byOid(oid);
      const columns = relation?.columns.map(({ name, type, notNull, generated }) => [name, type, notNull, generated]);
      const masked = [...(masks.masksFor(oid) ?? [])].map(([column, mask]) => [
        column,
        mask.mask,
        mask.nulls,
        mask.predicates,
      ]);
      return [
        oid,
        id,
        relation?.kind,
        columns,
        relation?.definition,
        relation?.hasRules,
        relation?.hasTriggers,
        masked,
      ];
    });
  return createHash("sha256")
    .update(JSON.stringify([bound, asked, functionsOf(index, asks)]))
    .digest("hex");
}

/** Overloads are not told apart, so the definition of every function of an asked name counts. */
function functionsOf({ catalog, databaseName }: CatalogIndex, asks: StatementAnalysis["asks"]): [number, string][] {
  const builtIn = `${dottedId(databaseName, "pg_catalog")}.`;
  const named = asks.filter(({ resource }) => resource.type === "Function" && !resource.id.startsWith(builtIn));
  if (named.length === 0) return [];
  const ids = new Set(named.map(({ resource }) => resource.id));
  return catalog.functions
    .filter(({ schema, name }) => ids.has(dottedId(databaseName, schema, name)))
    .map(({ oid, definitionHash }): [number, string] => [oid, definitionHash])
    .sort(([a], [b]) => a - b);
}

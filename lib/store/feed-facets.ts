import type { Filter } from "@/lib/audit/parse-filter";
import { db } from "@/lib/db";
import { feedCondition } from "./feed-filter";

/** How often each value occurs among the statements that match; largest first. */
export type FeedFacets = Record<"decision" | "actor" | "database" | "policy" | "label" | "kind", FacetValue[]>;
export type FacetValue = { value: string; count: number };

const valuesMax = 12;
/** Counts cover the newest statements only, so that they cost the same however long the log is. */
export const facetStatementsMax = 20_000;

/** Counts by decision, principal, database, policy, label and kind, over the newest statements that match. */
export async function readFeedFacets({ filter, since }: { filter: Filter; since: Date }): Promise<FeedFacets> {
  const condition = feedCondition(filter, 3);
  const { rows } = await db().query<{ facet: keyof FeedFacets; value: string; count: number }>(
    `with h as materialized (
       select h.* from audit_event h
       where h.kind in ('statement.opened', 'statement.refused') and h.at >= $1 and ${condition.sql}
       order by h.position desc limit $2
     ), counted as (
       select 'decision' as facet, decision as value, count(*)::int as count from h group by 2
       union all select 'actor', actor, count(*)::int from h group by 2
       union all select 'database', database, count(*)::int from h group by 2
       union all select 'policy', policy, count(*)::int from h, unnest(policies) policy group by 2
       union all select 'label', label, count(*)::int from h, jsonb_array_elements_text(h.leaf::jsonb -> 'labels') label group by 2
       union all select 'kind', h.leaf::jsonb ->> 'statementKind', count(*)::int from h group by 2
     ), placed as (
       select *, row_number() over (partition by facet order by count desc, value) as place from counted where value is not null
     )
     select facet, value, count from placed where place <= $3 order by facet, place`,
    [since, facetStatementsMax, valuesMax, ...condition.values],
  );
  const facets: FeedFacets = { decision: [], actor: [], database: [], policy: [], label: [], kind: [] };
  for (const { facet, value, count } of rows) facets[facet].push({ value, count });
  return facets;
}

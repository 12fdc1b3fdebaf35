import type { Filter } from "@/lib/audit/parse-filter";
import { db } from "@/lib/db";
import { feedCondition } from "./feed-filter";

/** How often each value occurs among the statements that match; largest first. */
export type FeedFacets = Record<"decision" | "actor" | "database" | "policy" | "label" | "kind", FacetValue[]>;
export type FacetValue = { value: string; count: number };

const valuesMax = 12;
/** Counts cover the newest statements only, so that they cost the same however long the log is. */
const facetStatementsMax = 5_000;

/** Counts by decision, principal, database, policy, label and kind, over the newest statements that match. */
export async function readFeedFacets({ filter, since }: { filter: Filter; since: Date }): Promise<FeedFacets> {
  const condition = feedCondition(filter, 3);
  const { rows } = await db().query<{ facet: keyof FeedFacets; value: string; count: number }>(
    `with found as materialized (
       select h.decision, h.actor, h.database, h.policies, h.leaf::jsonb as leaf from audit_event h
       where h.kind in ('statement.opened', 'statement.refused') and h.at >= $1 and ${condition.sql}
       order by h.position desc limit $2
     ), counted as (
       select 'decision' as facet, decision as value, count(*)::int as count from found group by 2
       union all select 'actor', actor, count(*)::int from found group by 2
       union all select 'database', database, count(*)::int from found group by 2
       union all select 'policy', policy, count(*)::int from found, unnest(policies) policy group by 2
       union all select 'label', label, count(*)::int from found, jsonb_array_elements_text(leaf -> 'labels') label group by 2
       union all select 'kind', leaf ->> 'statementKind', count(*)::int from found group by 2
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

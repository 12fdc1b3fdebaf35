import { db } from "@/lib/db";

/** How often a policy was among those that decided, by what was decided. */
export type PolicyHits = { allow: number; hold: number; deny: number };

/** Statements further back than this are not counted, so that a busy log costs no more than a quiet one. */
const statementsMax = 200_000;

/** Hits of each policy since then; policies without one are left out. */
export async function readPolicyHits(since: Date): Promise<Map<string, PolicyHits>> {
  const { rows } = await db().query<PolicyHits & { policy: string }>(
    `with recent as (
       select policies, decision from audit_event
       where kind in ('statement.opened', 'statement.refused') and at >= $1
       order by position desc limit $2
     )
     select policy, count(*) filter (where decision = 'allow')::int as allow,
       count(*) filter (where decision = 'hold')::int as hold, count(*) filter (where decision = 'deny')::int as deny
     from recent, unnest(policies) as policy group by policy`,
    [since, statementsMax],
  );
  return new Map(rows.map(({ policy, ...hits }) => [policy, hits]));
}

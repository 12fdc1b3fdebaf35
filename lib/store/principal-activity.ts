import { db } from "@/lib/db";

/** Statements of one principal in a time, by decision. */
export type Activity = { allow: number; hold: number; deny: number; lastAt: Date | null };

/** Statements further back than this are not counted, so that a busy log costs no more than a quiet one. */
const statementsMax = 100_000;

/** What each principal (`agent/NAME`, `person/EMAIL`) asked since then; those who asked nothing are left out. */
export async function readActivity(since: Date): Promise<Map<string, Activity>> {
  const { rows } = await db().query<{ actor: string; allow: number; hold: number; deny: number; lastAt: Date }>(
    `with recent as (
       select actor, decision, at from audit_event
       where kind in ('statement.opened', 'statement.refused') and at >= $1
       order by position desc limit $2
     )
     select actor, count(*) filter (where decision = 'allow')::int as allow,
       count(*) filter (where decision = 'hold')::int as hold, count(*) filter (where decision = 'deny')::int as deny,
       max(at) as "lastAt"
     from recent where actor is not null group by actor`,
    [since, statementsMax],
  );
  return new Map(rows.map(({ actor, ...activity }) => [actor, activity]));
}

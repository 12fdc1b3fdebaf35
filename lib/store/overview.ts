import { db } from "@/lib/db";
import { parseMaskingConfig } from "@/lib/masking/parse-masking";
import { readActiveBundle } from "./bundles";
import { type LabelReads, readsByLabel } from "./overview-labels";

/** The statements that are counted: of everybody, or only of some principals (`agent/NAME`, `person/EMAIL`). */
export type OverviewScope = { actors: string[] | null };
export type OverviewPeriod = { from: Date; to: Date; bucketSeconds: number };

export type DecisionBucket = { at: string; allow: number; hold: number; deny: number };
export type PolicyCount = { policy: string; hold: number; deny: number };
export type PrincipalCount = { actor: string; statements: number; hold: number; deny: number };
export type RequestCounts = {
  approved: number;
  denied: number;
  expired: number;
  /** half of the decided requests took less, seconds; null where none was decided */
  medianSeconds: number | null;
};

export type Overview = {
  buckets: DecisionBucket[];
  policies: PolicyCount[];
  principals: PrincipalCount[];
  labels: LabelReads[];
  requests: RequestCounts;
};

const listMax = 6;

/** A statement counts once: by its opening, or by its refusal where it never opened. */
const counted = `e.kind in ('statement.opened', 'statement.refused') and e.at >= $1 and e.at < $2
  and ($3::text[] is null or e.actor = any($3))
  and (e.kind = 'statement.opened' or not exists (
    select from audit_event o where o.entry_id = e.entry_id and o.kind = 'statement.opened'))`;

/** What happened in a period. */
export async function readOverview(period: OverviewPeriod, scope: OverviewScope): Promise<Overview> {
  const values = [period.from, period.to, scope.actors];
  const [buckets, policies, principals, labels, requests] = await Promise.all([
    readBuckets(period, values),
    readPolicies(values),
    readPrincipals(values),
    readLabels(values),
    readRequests(values),
  ]);
  return { buckets, policies, principals, labels, requests };
}

async function readBuckets({ from, to, bucketSeconds }: OverviewPeriod, values: unknown[]): Promise<DecisionBucket[]> {
  const { rows } = await db().query<{ at: Date; allow: number; hold: number; deny: number }>(
    `select date_bin(make_interval(secs => $4), e.at, $1) as at,
       count(*) filter (where e.decision = 'allow')::int as allow,
       count(*) filter (where e.decision = 'hold')::int as hold,
       count(*) filter (where e.decision is distinct from 'allow' and e.decision is distinct from 'hold')::int as deny
     from audit_event e where ${counted} group by 1`,
    [...values, bucketSeconds],
  );
  const known = new Map(rows.map((row) => [row.at.getTime(), row]));
  const buckets: DecisionBucket[] = [];
  for (let at = from.getTime(); at < to.getTime(); at += bucketSeconds * 1000) {
    const { allow = 0, hold = 0, deny = 0 } = known.get(at) ?? {};
    buckets.push({ at: new Date(at).toISOString(), allow, hold, deny });
  }
  return buckets;
}

async function readPolicies(values: unknown[]): Promise<PolicyCount[]> {
  const { rows } = await db().query<PolicyCount>(
    `select policy, count(*) filter (where e.decision = 'hold')::int as hold,
       count(*) filter (where e.decision = 'deny')::int as deny
     from audit_event e, unnest(e.policies) policy
     where ${counted} and e.decision in ('hold', 'deny')
     group by policy order by count(*) desc, policy limit ${listMax}`,
    values,
  );
  return rows;
}

async function readPrincipals(values: unknown[]): Promise<PrincipalCount[]> {
  const { rows } = await db().query<PrincipalCount>(
    `select e.actor, count(*)::int as statements, count(*) filter (where e.decision = 'hold')::int as hold,
       count(*) filter (where e.decision = 'deny')::int as deny
     from audit_event e where ${counted} and e.actor is not null
     group by e.actor order by count(*) desc, e.actor limit ${listMax}`,
    values,
  );
  return rows;
}

async function readLabels(values: unknown[]): Promise<LabelReads[]> {
  const { rows } = await db().query<{ columns: string[]; masked: string[]; count: number }>(
    `select coalesce(e.leaf::jsonb -> 'columns', '[]') as columns,
       coalesce(jsonb_path_query_array(e.leaf::jsonb, '$.masked[*].column'), '[]') as masked, count(*)::int as count
     from audit_event e
     where ${counted} and e.decision = 'allow' and jsonb_array_length(e.leaf::jsonb -> 'labels') > 0
       and e.leaf::jsonb ->> 'statementKind' in ('select', 'copyOut')
     group by 1, 2`,
    values,
  );
  const masking = (await readActiveBundle())?.files["masking.yaml"];
  const parsed = masking === undefined ? undefined : parseMaskingConfig(masking);
  return parsed !== undefined && "config" in parsed ? readsByLabel(parsed.config, rows).slice(0, listMax) : [];
}

async function readRequests(values: unknown[]): Promise<RequestCounts> {
  const { rows } = await db().query<RequestCounts>(
    `select count(*) filter (where status = 'approved')::int as approved,
       count(*) filter (where status = 'denied')::int as denied,
       count(*) filter (where status = 'expired' or (status = 'pending' and expires_at <= now()))::int as expired,
       percentile_cont(0.5) within group (order by extract(epoch from decided_at - created_at))
         filter (where status in ('approved', 'denied')) as "medianSeconds"
     from approval where created_at >= $1 and created_at < $2 and ($3::text[] is null or principal = any($3))`,
    values,
  );
  return rows[0] ?? { approved: 0, denied: 0, expired: 0, medianSeconds: null };
}

import { db } from "@/lib/db";
import { parseMaskingConfig } from "@/lib/masking/parse-masking";
import type { MaskingConfig } from "@/lib/masking/types";
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

/**
 * A statement counts once: by its opening, or by its refusal where it never opened. Two branches, because one condition
 * over both would look for an opening in the whole log.
 */
function counted(columns: string): string {
  const within = "x.at >= $1 and x.at < $2 and ($3::text[] is null or x.actor = any($3))";
  return `(select ${columns} from audit_event x where x.kind = 'statement.opened' and ${within}
    union all
    select ${columns} from audit_event x where x.kind = 'statement.refused' and ${within}
      and not exists (select from audit_event o where o.entry_id = x.entry_id and o.kind = 'statement.opened')) e`;
}

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
     from ${counted("x.at, x.decision")} group by 1`,
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
     from ${counted("x.decision, x.policies")}, unnest(e.policies) policy
     where e.decision in ('hold', 'deny')
     group by policy order by count(*) desc, policy limit ${listMax}`,
    values,
  );
  return rows;
}

async function readPrincipals(values: unknown[]): Promise<PrincipalCount[]> {
  const { rows } = await db().query<PrincipalCount>(
    `select e.actor, count(*)::int as statements, count(*) filter (where e.decision = 'hold')::int as hold,
       count(*) filter (where e.decision = 'deny')::int as deny
     from ${counted("x.actor, x.decision")} where e.actor is not null
     group by e.actor order by count(*) desc, e.actor limit ${listMax}`,
    values,
  );
  return rows;
}

async function readLabels(values: unknown[]): Promise<LabelReads[]> {
  // A leaf is canonical JSON, so that its text tells cheaply which ones need not be parsed; offset 0 parses the rest once.
  const { rows } = await db().query<{ columns: string[]; masked: string[]; count: number }>(
    `select coalesce(leaf -> 'columns', '[]') as columns,
       coalesce(jsonb_path_query_array(leaf, '$.masked[*].column'), '[]') as masked, count(*)::int as count
     from (select e.leaf::jsonb as leaf from ${counted("x.decision, x.leaf")}
       where e.decision = 'allow' and strpos(e.leaf, '"labels":[]') = 0 offset 0) labelled
     where leaf ->> 'statementKind' in ('select', 'copyOut')
     group by 1, 2`,
    values,
  );
  const config = await readMaskingConfig();
  return config === null ? [] : readsByLabel(config, rows).slice(0, listMax);
}

let parsed: { version: number; config: MaskingConfig | null } | undefined;

/** The masking of the active bundle, parsed once per version. */
async function readMaskingConfig(): Promise<MaskingConfig | null> {
  const { rows } = await db().query<{ version: number }>("select version from bundle where status = 'active'");
  const version = rows[0]?.version;
  if (version === undefined) return null;
  if (parsed?.version !== version) {
    const text = (await readActiveBundle())?.files["masking.yaml"];
    const masking = text === undefined ? undefined : parseMaskingConfig(text);
    parsed = { version, config: masking !== undefined && "config" in masking ? masking.config : null };
  }
  return parsed.config;
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

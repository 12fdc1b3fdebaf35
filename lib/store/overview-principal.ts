import type { PrincipalHistory } from "@/lib/approval/inbox-view";
import type { ApprovalStatus } from "@/lib/approval/types";
import { db } from "@/lib/db";
import { statusNowSql } from "./approval-row";

const historyDays = 30;
const similarMax = 5;
/** Counting stops here: beyond it the exact number tells a reviewer nothing more. */
const statementsCountedMax = 100_000;

/** What a principal did in the last 30 days, and how earlier requests under the same policies ended. */
export async function readPrincipalHistory({
  principal,
  policies,
  except,
}: {
  principal: string;
  policies: string[];
  except: number;
}): Promise<PrincipalHistory> {
  const [counts, similar] = await Promise.all([
    db().query<{ statements: number; denied: number; held: number }>(
      `select count(*)::int as statements, count(*) filter (where decision = 'deny')::int as denied,
         count(*) filter (where decision = 'hold')::int as held
       from (select decision from audit_event
         where actor = $1 and kind in ('statement.opened', 'statement.refused')
           and (kind = 'statement.opened' or decision = 'deny') and at > now() - make_interval(days => $2)
         order by position desc limit $3) recent`,
      [principal, historyDays, statementsCountedMax],
    ),
    db().query<{ id: number; status: ApprovalStatus; at: Date; statement: string }>(
      `select id, ${statusNowSql} as status, created_at as at, left(statement, 200) as statement from approval
       where principal = $1 and policies && $2::text[] and id <> $3 order by id desc limit $4`,
      [principal, policies, except, similarMax],
    ),
  ]);
  return {
    days: historyDays,
    statements: counts.rows[0]?.statements ?? 0,
    denied: counts.rows[0]?.denied ?? 0,
    held: counts.rows[0]?.held ?? 0,
    similar: similar.rows.map((row) => ({ ...row, at: row.at.toISOString() })),
  };
}

/** A person and the agents that they answer for, as actors of the log. */
export async function actorsOf(email: string): Promise<string[]> {
  const { rows } = await db().query<{ name: string }>(
    "select a.name from agent a join person p on p.id = a.owner_id where p.email = $1 order by a.name",
    [email],
  );
  return [`person/${email}`, ...rows.map(({ name }) => `agent/${name}`)];
}

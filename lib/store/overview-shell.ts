import type { LogState } from "@/lib/audit/log-state";
import { db } from "@/lib/db";

export type ShellState = {
  /** pending requests that wait for this person */
  approvals: number;
  log: LogState;
};

/** A head is signed every minute while the log grows; later than this it is late. */
const signedSecondsMax = 180;
/** An alarm older than this that nobody cleared is history, and is found in the audit list. */
const alarmDaysMax = 7;

/** The counts and states that stand on every page, for one person. */
export async function readShellState(viewer: { email: string; groups: string[] }): Promise<ShellState> {
  const [approvals, log] = await Promise.all([countWaitingFor(viewer), readLogState()]);
  return { approvals, log };
}

/**
 * Pending requests that the person could decide now: in a group that they ask, not their own, not voted on yet.
 * The same rules as `mayReview`, which decides; this only counts.
 */
async function countWaitingFor({ email, groups }: { email: string; groups: string[] }): Promise<number> {
  const { rows } = await db().query<{ count: number }>(
    `select count(*)::int as count from approval a
     where a.status = 'pending' and a.expires_at > now()
       and a.principal <> 'person/' || $1
       and $1 not in (coalesce(a.owner, ''), coalesce(a.token_issuer, ''), coalesce(lower(a.on_behalf_of), ''))
       and (exists (select from jsonb_array_elements(a.terms -> 'quorum') seat where seat ->> 'group' = any($2))
         or exists (select from jsonb_array_elements_text(a.terms -> 'also') also where also = any($2)))
       and not exists (select from review r join person p on p.id = r.person_id
         where r.approval_id = a.id and r.version = a.version and p.email = $1)`,
    [email, groups],
  );
  return rows[0]?.count ?? 0;
}

type LogRow = { size: string; signedSize: string | null; signedAt: Date | null; lastAt: Date | null; late: boolean };

/** The state of the log and its last signed head. */
export async function readLogState(): Promise<LogState> {
  const [{ rows }, alarm] = await Promise.all([
    db().query<LogRow>(
      `select coalesce(e.position + 1, 0)::text as size, c.size::text as "signedSize", c.at as "signedAt", e.at as "lastAt",
         coalesce(c.at, e.at) < now() - make_interval(secs => $1) as late
       from (select 1) one
       left join lateral (select position, at from audit_event order by position desc limit 1) e on true
       left join lateral (select size, at from audit_checkpoint order by size desc limit 1) c on true`,
      [signedSecondsMax],
    ),
    readOpenAlarm(),
  ]);
  const row = rows[0] as LogRow;
  const verifiedAt = row.signedAt?.toISOString() ?? null;
  const known = { verifiedAt, size: row.size };
  if (alarm !== null) return { ...known, status: "alarm", message: alarm };
  if (row.size === "0") return { ...known, status: "empty", message: null };
  const covered = row.signedSize === row.size;
  return { ...known, status: covered || !row.late ? "verified" : "behind", message: null };
}

/** The newest alarm about the record itself that has not been cleared; null where there is none. */
async function readOpenAlarm(): Promise<string | null> {
  const { rows } = await db().query<{ message: string }>(
    `select r.leaf::jsonb ->> 'message' as message from audit_event r
     where r.kind = 'alarm.raised' and r.at > now() - make_interval(days => $1)
       and not exists (select from audit_event c where c.kind = 'alarm.cleared' and c.position > r.position
         and c.leaf::jsonb ->> 'alarm' = r.leaf::jsonb ->> 'alarm'
         and c.leaf::jsonb ->> 'subject' = r.leaf::jsonb ->> 'subject')
     order by r.position desc limit 1`,
    [alarmDaysMax],
  );
  return rows[0]?.message ?? null;
}

import type { ApprovalStatus } from "@/lib/approval/types";
import { db, withTransaction } from "@/lib/db";
import type { HoldTerms } from "@/lib/policy/types";
import { systemActor } from "./actor";
import { statusNowSql } from "./approval-row";
import { appendAudit } from "./audit";

export type DeliveryChannel = "email" | "slack";
export type Transition = "opened" | Exclude<ApprovalStatus, "pending">;

/** What a message may say of a request: nothing of its literals or rows. */
export type MessageFacts = {
  approvalId: number;
  principal: string;
  owner: string | null;
  onBehalfOf: string | null;
  tokenIssuer: string | null;
  database: string;
  /** as sent by the client: message makers replace its literals */
  statement: string;
  tables: string[];
  policies: string[];
  reason: string;
  requestReason: string | null;
  severity: string;
  status: ApprovalStatus;
  endReason: string | null;
  expiresAt: Date;
  terms: HoldTerms;
  reviewers: { email: string; vote: "approve" | "deny" }[];
};

/** As of now; null where there is no such request. */
export async function messageFacts(approvalId: number): Promise<MessageFacts | null> {
  const { rows } = await db().query<MessageFacts>(
    `select id as "approvalId", principal, owner, on_behalf_of as "onBehalfOf",
       token_issuer as "tokenIssuer", database, statement, policies, reason,
       request_reason as "requestReason", severity, ${statusNowSql} as status, end_reason as "endReason",
       expires_at as "expiresAt", terms, array(select jsonb_array_elements_text(facts -> 'tables')) as tables,
       coalesce((select jsonb_agg(jsonb_build_object('email', p.email, 'vote', r.vote) order by r.created_at)
         from review r join person p on p.id = r.person_id
         where r.approval_id = approval.id and r.version = approval.version), '[]') as reviewers
     from approval where id = $1`,
    [approvalId],
  );
  return rows[0] ?? null;
}

/** People by group, e-mails of those who may sign in, as of now. */
export async function peopleByGroup(groups: string[]): Promise<Record<string, string[]>> {
  const { rows } = await db().query<{ name: string; people: string[] }>(
    `select g.name, array(select p.email from group_member m join person p on p.id = m.person_id
       where m.group_id = g.id and p.disabled_at is null order by p.email) as people
     from principal_group g where g.name = any($1::text[])`,
    [groups],
  );
  return Object.fromEntries(rows.map(({ name, people }) => [name, people]));
}

/** Those to whom a request that nobody can approve is reported. */
export async function adminEmails(): Promise<string[]> {
  const { rows } = await db().query<{ email: string }>(
    "select email from person where role = 'admin' and disabled_at is null order by email",
  );
  return rows.map(({ email }) => email);
}

export type NewDelivery = { approvalId: number; channel: DeliveryChannel; recipient: string; transition: Transition };

/**
 * Plans messages. INVARIANT: one row per request, channel, recipient and transition, however often a transition is
 * announced. Answers those that are still to be sent, new ones and earlier ones.
 */
export async function planDeliveries(deliveries: NewDelivery[]): Promise<{ id: string; channel: DeliveryChannel }[]> {
  const first = deliveries[0];
  if (first === undefined) return [];
  await db().query(
    `insert into delivery (approval_id, channel, recipient, transition, next_try_at)
     select d."approvalId", d.channel, d.recipient, d.transition, now()
     from jsonb_to_recordset($1) as d("approvalId" int, channel text, recipient text, transition text)
     on conflict (approval_id, channel, recipient, transition) do nothing`,
    [JSON.stringify(deliveries)],
  );
  const { rows } = await db().query<{ id: string; channel: DeliveryChannel }>(
    `select id, channel from delivery where approval_id = $1 and transition = $2 and status = 'pending' and attempts = 0`,
    [first.approvalId, first.transition],
  );
  return rows;
}

/** Where the channel put the message of a transition: a message id, or Slack's channel and ts. Null if it was not sent. */
export async function sentReference(sent: Omit<NewDelivery, "recipient">): Promise<string | null> {
  const { rows } = await db().query<{ reference: string | null }>(
    "select reference from delivery where approval_id = $1 and channel = $2 and transition = $3 and status = 'sent'",
    [sent.approvalId, sent.channel, sent.transition],
  );
  return rows[0]?.reference ?? null;
}

export type ClaimedDelivery = {
  id: string;
  approvalId: number;
  channel: DeliveryChannel;
  recipient: string;
  transition: Transition;
  attempts: number;
};

// A second of grace: the queue's clock may run a little ahead of the store's.
const isDueSql = `status = 'pending' and next_try_at <= now() + interval '1 second'`;
const columnList = `id, approval_id as "approvalId", channel, recipient, transition, attempts`;

/**
 * Takes a message to send it now: counts the attempt and moves its next one away, so that no other worker sends it
 * meanwhile. Null where it was sent, given up, or taken.
 * @param leaseSeconds after that the message counts as not recorded: it may or may not have been sent
 */
export async function claimDelivery(claim: { id: string; leaseSeconds: number }): Promise<ClaimedDelivery | null> {
  const { rows } = await db().query<ClaimedDelivery>(
    `update delivery set status = 'sending', attempts = attempts + 1, last_error = null,
       next_try_at = now() + make_interval(secs => $2) where id = $1 and ${isDueSql} returning ${columnList}`,
    [claim.id, claim.leaseSeconds],
  );
  return rows[0] ?? null;
}

/** The channel took the message. */
export async function recordSent(delivery: ClaimedDelivery, reference: string): Promise<void> {
  await withTransaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update delivery set status = 'sent', sent_at = now(), next_try_at = null, reference = $2
       where id = $1 and status = 'sending'`,
      [delivery.id, reference],
    );
    if (rowCount === 0) return;
    await appendAudit(tx, { kind: "delivery.sent", actor: workersActor, ...eventFields(delivery), reference });
  });
}

/** The channel did not take it; it is tried again after `retrySeconds`, or given up where that is null. */
export async function recordFailure(
  delivery: ClaimedDelivery,
  failure: { error: string; retrySeconds: number | null },
): Promise<void> {
  const final = failure.retrySeconds === null;
  await withTransaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update delivery set status = case when $3::float8 is null then 'failed' else 'pending' end, last_error = $2,
         next_try_at = now() + make_interval(secs => $3) where id = $1 and status = 'sending'`,
      [delivery.id, failure.error.slice(0, 500), failure.retrySeconds],
    );
    if (rowCount === 0) return;
    const error = failure.error.slice(0, 500);
    await appendAudit(tx, { kind: "delivery.failed", actor: workersActor, ...eventFields(delivery), error, final });
  });
}

/**
 * Messages whose worker died between sending and recording: nobody can know whether they arrived. They are marked
 * so and not sent again; the page in the console shows it.
 */
export async function markUnknownDeliveries(): Promise<number> {
  return withTransaction(async (tx) => {
    const { rows } = await tx.query<ClaimedDelivery>(
      `update delivery set status = 'unknown', next_try_at = null
       where status = 'sending' and next_try_at <= now() returning ${columnList}`,
    );
    for (const row of rows)
      await appendAudit(tx, { kind: "delivery.unknown", actor: workersActor, ...eventFields(row) });
    return rows.length;
  });
}

/** Messages whose time has come and that no job seems to carry. */
export async function dueDeliveries(
  limit: number,
): Promise<{ id: string; channel: DeliveryChannel; attempts: number }[]> {
  const { rows } = await db().query<{ id: string; channel: DeliveryChannel; attempts: number }>(
    `select id, channel, attempts from delivery where ${isDueSql} order by next_try_at limit $1`,
    [limit],
  );
  return rows;
}

/**
 * Transitions that nobody was told of although time has passed: the nudge was lost. Looks at the last day.
 * @param afterSeconds how long a nudge may take
 */
export async function untoldTransitions(
  afterSeconds: number,
): Promise<{ approvalId: number; transition: Transition }[]> {
  const { rows } = await db().query<{ approvalId: number; transition: Transition }>(
    `select id as "approvalId", case when status = 'pending' then 'opened' else status end as transition
     from approval a
     where coalesce(decided_at, created_at) between now() - interval '1 day' and now() - make_interval(secs => $1)
       and not (status = 'pending' and expires_at <= now())
       and not exists (select 1 from delivery d where d.approval_id = a.id
         and d.transition = case when a.status = 'pending' then 'opened' else a.status end)
     order by id`,
    [afterSeconds],
  );
  return rows;
}

const workersActor = systemActor("workers").actor;

function eventFields({ id, approvalId, channel, recipient, transition, attempts }: ClaimedDelivery) {
  return { deliveryId: id, approvalId, channel, recipient, transition, attempts };
}

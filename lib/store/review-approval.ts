import { excludedFromReview } from "@/lib/approval/excluded";
import { lapsesAt } from "@/lib/approval/expiry";
import { type MayReview, mayReview, type ReviewRefusal } from "@/lib/approval/may-review";
import { type CountedReview, evaluateReviews } from "@/lib/approval/quorum";
import type { ApprovalStatus, ReviewChannel, ReviewVote } from "@/lib/approval/types";
import { db, type Sql, type Transaction, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { type ApprovalRow, announce, eventFields, selectApprovals } from "./approval-row";
import { appendAudit } from "./audit";

export type ReviewInput = {
  approvalId: number;
  /** of a signed-in person; agents and tokens of agents cannot review */
  email: string;
  vote: ReviewVote;
  /** needed for a denial */
  reason: string;
  channel: ReviewChannel;
  /** the operating-system user, for the command line */
  osUser?: string;
};

export type ReviewResult =
  | { outcome: "recorded"; status: ApprovalStatus; missing: { group: string; need: number }[] }
  | { outcome: "refused"; code: ReviewRefusal | "channel"; reason: string };

const reasonCharactersMax = 2_000;

/**
 * Casts a vote. One transaction: the request's row is locked, so that of two reviewers deciding at the same
 * instant the second sees the first's vote; the vote, the state it leads to and their events commit together.
 * @throws AppError "not_found"; "invalid" for a denial without a reason
 */
export async function reviewApproval(input: ReviewInput): Promise<ReviewResult> {
  const reason = input.reason.trim();
  if (input.vote === "deny" && reason === "") throw new AppError("invalid", "a denial needs a reason");
  if (reason.length > reasonCharactersMax) {
    throw new AppError("invalid", `a reason has at most ${reasonCharactersMax} characters`);
  }
  return withTransaction(async (tx) => {
    const context = await readContext(tx, { ...input, lock: true });
    const permission = permissionOf(context);
    if (!permission.ok) return { outcome: "refused", code: permission.code, reason: permission.reason };
    if (!channelAllows(context.row, input)) {
      return { outcome: "refused", code: "channel", reason: "the policy asks for this decision in the console" };
    }
    await tx.query(
      `insert into review (approval_id, version, person_id, vote, reason, channel, groups) values ($1, $2, $3, $4, $5, $6, $7)`,
      [context.row.id, context.row.version, context.personId, input.vote, reason, input.channel, permission.groups],
    );
    await appendAudit(tx, {
      kind: "approval.reviewed",
      ...whoAndWhere(input),
      ...eventFields(context.row),
      vote: input.vote,
      reason,
      groups: permission.groups,
    });
    const review = { email: context.email, vote: input.vote, groups: permission.groups };
    return settle(tx, context, { ...input, reason, reviews: [...context.reviews, review] });
  });
}

/** Whether this person may review this request now, and if not, why: what the page of the request shows. */
export async function reviewPermission(review: { approvalId: number; email: string }): Promise<MayReview> {
  return permissionOf(await readContext(db(), { ...review, lock: false }));
}

type Context = {
  row: ApprovalRow;
  now: Date;
  personId: string;
  email: string;
  groups: string[];
  excluded: string[];
  reviews: CountedReview[];
  policyAuthor: string | null;
};

async function readContext(
  client: Sql,
  { approvalId, email, lock }: { approvalId: number; email: string; lock: boolean },
): Promise<Context> {
  const [row] = await selectApprovals(client, { where: "id = $1", values: [approvalId], lock });
  if (row === undefined) throw new AppError("not_found", `there is no request ${approvalId}`);
  // INVARIANT: membership counts as it is at the moment of the review.
  const people = await client.query<{ id: string; now: Date; groups: string[] }>(
    `select p.id, now() as now, array(select g.name from group_member m join principal_group g on g.id = m.group_id
       where m.person_id = p.id) as groups
     from person p where p.email = $1 and p.disabled_at is null`,
    [email.toLowerCase()],
  );
  const person = people.rows[0];
  if (person === undefined) throw new AppError("forbidden", "only people who may sign in can review");
  const reviews = await client.query<CountedReview>(
    `select p.email, r.vote, r.groups from review r join person p on p.id = r.person_id
     where r.approval_id = $1 and r.version = $2 order by r.created_at`,
    [row.id, row.version],
  );
  const authors = await client.query<{ email: string }>(
    "select p.email from bundle b join person p on p.id = b.author_id where b.version = $1",
    [row.bundleVersion],
  );
  return {
    row,
    now: person.now,
    personId: person.id,
    email: email.toLowerCase(),
    groups: person.groups,
    excluded: excludedFromReview(row),
    reviews: reviews.rows,
    policyAuthor: authors.rows[0]?.email ?? null,
  };
}

function permissionOf({ row, now, email, groups, excluded, reviews }: Context): MayReview {
  const reviewed = reviews.map((review) => review.email);
  return mayReview({ reviewer: { kind: "person", email, groups }, request: row, excluded, reviewed, now });
}

/** A denial is possible everywhere; an approval by mail or Slack only where the policies say so. */
function channelAllows({ terms }: ApprovalRow, { vote, channel }: ReviewInput): boolean {
  return vote === "deny" || channel === "console" || channel === "cli" || terms.channels.includes(channel);
}

async function settle(
  tx: Transaction,
  { row, now, excluded, policyAuthor }: Context,
  decision: ReviewInput & { reviews: CountedReview[] },
): Promise<ReviewResult> {
  const { terms } = row;
  const state = evaluateReviews({ terms, reviews: decision.reviews, excluded, policyAuthor });
  if (state.state === "pending") {
    announce(row.id);
    return { outcome: "recorded", status: "pending", missing: state.missing };
  }
  const common = { ...whoAndWhere(decision), ...eventFields(row) };
  if (state.state === "denied") {
    await decide(tx, { row, status: "denied", lapses: null, endReason: decision.reason });
    await appendAudit(tx, { kind: "approval.denied", ...common, reason: decision.reason });
  } else {
    const lapses = lapsesAt(now, terms);
    await decide(tx, { row, status: "approved", lapses, endReason: null });
    const reviewers = decision.reviews.filter(({ vote }) => vote === "approve").map(({ email }) => email);
    await appendAudit(tx, { kind: "approval.approved", ...common, reviewers, lapsesAt: lapses.toISOString() });
  }
  announce(row.id);
  return { outcome: "recorded", status: state.state, missing: [] };
}

async function decide(
  tx: Transaction,
  {
    row,
    status,
    lapses,
    endReason,
  }: { row: ApprovalRow; status: "approved" | "denied"; lapses: Date | null; endReason: string | null },
): Promise<void> {
  const { rowCount } = await tx.query(
    `update approval set status = $3, use = case when $3 = 'approved' then 'unused' end, decided_at = now(),
       lapses_at = $4, end_reason = $5 where id = $1 and version = $2 and status = 'pending' and expires_at > now()`,
    [row.id, row.version, status, lapses, endReason],
  );
  if (rowCount !== 1) throw new AppError("conflict", "the request changed while it was being decided");
}

function whoAndWhere({ email, channel, osUser }: ReviewInput) {
  return { actor: `person/${email.toLowerCase()}`, channel, ...(osUser === undefined ? {} : { osUser }) };
}

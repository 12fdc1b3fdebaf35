import { z } from "zod";

import type {
  ApprovalFacts,
  ApprovalParameter,
  ApprovalStatus,
  ApprovalUse,
  ReviewChannel,
  ReviewVote,
} from "@/lib/approval/types";
import type { HoldTerms } from "@/lib/policy/types";
import type { ApprovalOutcome } from "./approvals";
import { prisma } from "./prisma";

export type ReviewEntry = {
  email: string;
  name: string;
  vote: ReviewVote;
  reason: string;
  channel: ReviewChannel;
  groups: string[];
  at: Date;
  /** cast on the present version of the request; earlier ones no longer count */
  counts: boolean;
};

export type DeliveryEntry = {
  channel: "email" | "slack";
  recipient: string;
  transition: string;
  status: "pending" | "sending" | "sent" | "failed" | "unknown";
  attempts: number;
  lastError: string | null;
  sentAt: Date | null;
};

export type ApprovalSummary = {
  id: number;
  kind: "statement" | "access";
  /** status and use are as of now, whatever a sweep has written down */
  status: ApprovalStatus;
  use: ApprovalUse | null;
  principal: string;
  owner: string | null;
  onBehalfOf: string | null;
  database: string;
  statement: string;
  policies: string[];
  reason: string;
  requestReason: string | null;
  severity: "low" | "medium" | "high";
  terms: HoldTerms;
  facts: ApprovalFacts;
  createdAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  lapsesAt: Date | null;
  usedAt: Date | null;
  endReason: string | null;
  outcome: ApprovalOutcome | null;
  reviews: ReviewEntry[];
};

export type ApprovalDetail = ApprovalSummary & {
  version: number;
  tokenIssuer: string | null;
  parameters: ApprovalParameter[];
  bundleVersion: number;
  inTransaction: boolean;
  brokerId: string;
  sessionId: string;
  entryId: string;
  deliveries: DeliveryEntry[];
};

export type ApprovalFilter = {
  status?: ApprovalStatus[];
  /** `agent/NAME` or `person/EMAIL` */
  principal?: string;
  database?: string;
  /** only those whose terms ask one of these groups */
  groups?: string[];
  /** only those with a smaller id: the next page */
  before?: number;
  limit?: number;
};

const limitDefault = 50;
const limitMax = 500;

const outcomeSchema = z.object({
  outcome: z.enum(["ok", "error", "cancelled", "unknown"]),
  sqlstate: z.string().nullable(),
  rows: z.number().nullable(),
  durationMs: z.number(),
});

/** Newest first. */
export async function listApprovals(filter: ApprovalFilter = {}): Promise<ApprovalSummary[]> {
  const now = new Date();
  const rows = await prisma().approval.findMany({
    where: {
      AND: [
        filter.status === undefined ? {} : { OR: filter.status.map((status) => statusCondition(status, now)) },
        filter.groups === undefined ? {} : { OR: filter.groups.flatMap(groupConditions) },
        filter.before === undefined ? {} : { id: { lt: filter.before } },
        filter.principal === undefined ? {} : { principal: filter.principal },
        filter.database === undefined ? {} : { database: filter.database },
      ],
    },
    include: withReviews,
    orderBy: { id: "desc" },
    take: Math.min(filter.limit ?? limitDefault, limitMax),
  });
  return rows.map((row) => summaryOf(row, now));
}

/** How many wait for a decision now, by severity. */
export async function countPendingApprovals(): Promise<{ total: number; high: number }> {
  const where = statusCondition("pending", new Date());
  const [total, high] = await Promise.all([
    prisma().approval.count({ where }),
    prisma().approval.count({ where: { ...where, severity: "high" } }),
  ]);
  return { total, high };
}

/** Everything a reviewer sees; null where there is no such request. */
export async function getApproval(id: number): Promise<ApprovalDetail | null> {
  const row = await prisma().approval.findUnique({
    where: { id },
    include: { ...withReviews, deliveries: { orderBy: { createdAt: "asc" } } },
  });
  if (row === null) return null;
  return {
    ...summaryOf(row, new Date()),
    version: row.version,
    tokenIssuer: row.tokenIssuer,
    parameters: row.parameters as ApprovalParameter[],
    bundleVersion: row.bundleVersion,
    inTransaction: row.inTransaction,
    brokerId: row.brokerId,
    sessionId: row.sessionId,
    entryId: row.entryId,
    deliveries: row.deliveries.map((delivery) => ({
      channel: delivery.channel as DeliveryEntry["channel"],
      recipient: delivery.recipient,
      transition: delivery.transition,
      status: delivery.status as DeliveryEntry["status"],
      attempts: delivery.attempts,
      lastError: delivery.lastError,
      sentAt: delivery.sentAt,
    })),
  };
}

const withReviews = {
  reviews: { include: { person: { select: { email: true, name: true } } }, orderBy: { createdAt: "asc" } },
} as const;

function statusCondition(status: ApprovalStatus, now: Date) {
  if (status === "pending") return { status, expiresAt: { gt: now } };
  if (status === "expired") return { OR: [{ status: "expired" }, { status: "pending", expiresAt: { lte: now } }] };
  return { status };
}

function groupConditions(group: string) {
  return [
    { terms: { path: ["quorum"], array_contains: [{ group }] } },
    { terms: { path: ["also"], array_contains: [group] } },
  ];
}

type Row = NonNullable<Awaited<ReturnType<typeof findRow>>>;
function findRow(id: number) {
  return prisma().approval.findUnique({ where: { id }, include: withReviews });
}

function summaryOf(row: Row, now: Date): ApprovalSummary {
  const outcome = outcomeSchema.safeParse(row.outcome);
  return {
    id: row.id,
    kind: row.kind as ApprovalSummary["kind"],
    status: row.status === "pending" && row.expiresAt <= now ? "expired" : (row.status as ApprovalStatus),
    use: effectiveUse(row, now),
    principal: row.principal,
    owner: row.owner,
    onBehalfOf: row.onBehalfOf,
    database: row.database,
    statement: row.statement,
    policies: row.policies,
    reason: row.reason,
    requestReason: row.requestReason,
    severity: row.severity as ApprovalSummary["severity"],
    terms: row.terms as HoldTerms,
    facts: row.facts as ApprovalFacts,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    decidedAt: row.decidedAt,
    lapsesAt: row.lapsesAt,
    usedAt: row.usedAt,
    endReason: row.endReason,
    outcome: outcome.success ? outcome.data : null,
    reviews: row.reviews.map((review) => ({
      email: review.person.email,
      name: review.person.name,
      vote: review.vote as ReviewVote,
      reason: review.reason,
      channel: review.channel as ReviewChannel,
      groups: review.groups,
      at: review.createdAt,
      counts: review.version === row.version,
    })),
  };
}

function effectiveUse(row: Row, now: Date): ApprovalUse | null {
  const use = row.use as ApprovalUse | null;
  if (row.status !== "approved" || row.lapsesAt === null || row.lapsesAt > now) return use;
  const lasting = (row.terms as HoldTerms).lasts !== "once";
  return use === "unused" || (use === "used" && lasting) ? "lapsed" : use;
}

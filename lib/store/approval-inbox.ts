import { excludedFromReview } from "@/lib/approval/excluded";
import type { Inbox, InboxItem, InboxView, RequestDetail } from "@/lib/approval/inbox-view";
import { seatsOf, signaturesOf } from "@/lib/approval/inbox-view";
import { mayReview } from "@/lib/approval/may-review";
import { evaluateReviews, reviewerGroups } from "@/lib/approval/quorum";
import type { ApprovalStatus } from "@/lib/approval/types";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { type ApprovalSummary, getApproval, listApprovals } from "./approval-list";
import { selectApprovals } from "./approval-row";
import { readTimeline } from "./audit-list";
import { readPrincipalHistory } from "./overview-principal";
import { reviewPermission } from "./review-approval";

/** Who looks. Requesters see what they asked for and what their groups decide; every other role sees all. */
export type InboxViewer = { email: string; role: string; groups: string[] };

const pendingMax = 500;
const decidedMax = 100;
const ended = ["approved", "denied", "expired", "withdrawn", "superseded"] as const;

/** Requests as one person sees them: pending ones by expiry, oldest first; decided ones newest first. */
export async function listInbox(viewer: InboxViewer, view: InboxView): Promise<Inbox> {
  const [pending, recent] = await Promise.all([
    listApprovals({ status: ["pending"], limit: pendingMax }),
    listApprovals({ limit: decidedMax }),
  ]);
  const open = (await itemsFor(viewer, pending)).sort((a, b) => a.expiresAt.localeCompare(b.expiresAt));
  const forYou = open.filter((item) => item.mayReview);
  const own = await itemsFor(
    viewer,
    recent.filter((request) => isOwn(request, viewer)),
  );
  const counts = {
    "for-you": forYou.length,
    open: open.length,
    asked: own.filter((item) => item.status === "pending").length,
  };
  switch (view) {
    case "for-you":
      return { items: forYou, counts };
    case "open":
      return { items: open, counts };
    case "asked":
      return { items: own, counts };
    case "decided":
      return { items: await itemsFor(viewer, await listApprovals({ status: [...ended], limit: decidedMax })), counts };
  }
}

/**
 * Everything that the page of one request shows.
 * @throws AppError("not_found") where there is none, or none that this person may see
 */
export async function readRequest(viewer: InboxViewer, id: number): Promise<RequestDetail> {
  const request = await getApproval(id);
  const item = request === null ? undefined : (await itemsFor(viewer, [request]))[0];
  if (request === null || item === undefined) throw new AppError("not_found", `there is no request ${id}`);
  const [permission, events, history] = await Promise.all([
    reviewPermission({ approvalId: id, email: viewer.email }),
    readTimeline({ approvalId: id }),
    readPrincipalHistory({ principal: request.principal, policies: request.policies, except: id }),
  ]);
  const { terms } = request;
  return {
    ...item,
    version: request.version,
    tokenIssuer: request.tokenIssuer,
    onBehalfOf: request.onBehalfOf,
    parameters: request.parameters,
    policies: request.policies,
    bundleVersion: request.bundleVersion,
    reason: request.reason,
    requestReason: request.requestReason,
    inTransaction: request.inTransaction,
    facts: request.facts,
    brokerId: request.brokerId,
    sessionId: request.sessionId,
    entryId: request.entryId,
    lasts: terms.lasts,
    lapsesAt: request.lapsesAt?.toISOString() ?? null,
    usedAt: request.usedAt?.toISOString() ?? null,
    endReason: request.endReason,
    outcome: request.outcome,
    reviews: request.reviews.map((review) => ({ ...review, at: review.at.toISOString() })),
    seats: seatsOf(terms, stateOf(request, excludedFromReview(request))),
    deliveries: request.deliveries.map((each) => ({ ...each, sentAt: each.sentAt?.toISOString() ?? null })),
    events: events.map(({ position, kind, at, actor, leaf }) => ({
      position,
      kind,
      at: at.toISOString(),
      actor,
      leaf,
    })),
    history,
    reviewRefusal: permission.ok ? null : permission.reason,
    mayWithdraw: item.status === "pending" && isOwn(item, viewer),
  };
}

/**
 * For actions on a request: a request that the person may not see does not exist for them.
 * @throws AppError("not_found")
 */
export async function requireVisible(
  viewer: InboxViewer,
  id: number,
): Promise<{ status: ApprovalStatus; own: boolean }> {
  const [row] = await selectApprovals(db(), { where: "id = $1", values: [id] });
  if (row === undefined || !isVisible(row, viewer)) throw new AppError("not_found", `there is no request ${id}`);
  return { status: row.status, own: isOwn(row, viewer) };
}

/** Whether the person asked, or answers for the agent that asked. */
export function isOwn(request: { principal: string; owner: string | null }, { email }: { email: string }): boolean {
  return request.principal === `person/${email}` || request.owner === email;
}

async function itemsFor(viewer: InboxViewer, requests: ApprovalSummary[]): Promise<InboxItem[]> {
  const seen = requests.filter((request) => isVisible(request, viewer));
  const rows = await selectApprovals(db(), { where: "id = any($1)", values: [seen.map((request) => request.id)] });
  const issuers = new Map(rows.map((row) => [row.id, row.tokenIssuer]));
  const now = new Date();
  return seen.map((request) => {
    const excluded = excludedFromReview({ ...request, tokenIssuer: issuers.get(request.id) ?? null });
    const { ok } = mayReview({
      reviewer: { kind: "person", email: viewer.email, groups: viewer.groups },
      request,
      excluded,
      reviewed: request.reviews.filter((review) => review.counts).map((review) => review.email),
      now,
    });
    return itemOf(request, { mayReview: ok, excluded });
  });
}

function isVisible(request: Pick<ApprovalSummary, "principal" | "owner" | "terms">, viewer: InboxViewer): boolean {
  if (viewer.role !== "requester") return true;
  return isOwn(request, viewer) || reviewerGroups(request.terms).some((group) => viewer.groups.includes(group));
}

function itemOf(request: ApprovalSummary, by: { mayReview: boolean; excluded: string[] }): InboxItem {
  return {
    id: request.id,
    kind: request.kind,
    status: request.status,
    use: request.use,
    principal: request.principal,
    owner: request.owner,
    database: request.database,
    statement: request.statement,
    statementKind: request.facts.kind,
    labels: [...new Set(request.facts.columns.flatMap((column) => column.labels))],
    severity: request.severity,
    createdAt: request.createdAt.toISOString(),
    expiresAt: request.expiresAt.toISOString(),
    decidedAt: request.decidedAt?.toISOString() ?? null,
    mayReview: by.mayReview,
    signatures: signaturesOf(seatsOf(request.terms, stateOf(request, by.excluded))),
  };
}

function stateOf(request: ApprovalSummary, excluded: string[]) {
  const reviews = request.reviews.filter((review) => review.counts);
  return evaluateReviews({ terms: request.terms, reviews, excluded });
}

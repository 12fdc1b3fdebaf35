import type { ReviewsState } from "./quorum";
import type { ApprovalFacts, ApprovalParameter, ApprovalStatus, ApprovalUse, ReviewChannel, ReviewVote } from "./types";

// What the console shows of requests, as JSON: times are ISO 8601.

/** for you: you may decide it · open: everything pending · asked: you or your agents asked · decided: ended */
export const inboxViews = ["for-you", "open", "asked", "decided"] as const;
export type InboxView = (typeof inboxViews)[number];

export type InboxItem = {
  id: number;
  kind: "statement" | "access";
  status: ApprovalStatus;
  use: ApprovalUse | null;
  principal: string;
  owner: string | null;
  database: string;
  statement: string;
  statementKind: string;
  labels: string[];
  severity: "low" | "medium" | "high";
  createdAt: string;
  expiresAt: string;
  decidedAt: string | null;
  /** the viewer may decide it now */
  mayReview: boolean;
  /** signatures that count, of those that it takes */
  signatures: { have: number; need: number };
};

export type Inbox = { items: InboxItem[]; counts: Record<Exclude<InboxView, "decided">, number> };

export type RequestReview = {
  email: string;
  name: string;
  vote: ReviewVote;
  reason: string;
  channel: ReviewChannel;
  groups: string[];
  at: string;
  counts: boolean;
};

/** One group that must sign: how many of its people, and how many of them are still missing. */
export type RequestSeat = { group: string; need: number; missing: number };

export type RequestDelivery = {
  channel: "email" | "slack";
  recipient: string;
  transition: string;
  status: string;
  attempts: number;
  lastError: string | null;
  sentAt: string | null;
};

export type PrincipalHistory = {
  days: number;
  statements: number;
  denied: number;
  held: number;
  /** earlier requests that one of the same policies held, newest first */
  similar: { id: number; status: ApprovalStatus; at: string; statement: string }[];
};

export type RequestEvent = { position: string; kind: string; at: string; actor: string | null; leaf: string };

export type RequestDetail = InboxItem & {
  version: number;
  tokenIssuer: string | null;
  onBehalfOf: string | null;
  parameters: ApprovalParameter[];
  policies: string[];
  bundleVersion: number;
  reason: string;
  requestReason: string | null;
  inTransaction: boolean;
  facts: ApprovalFacts;
  brokerId: string;
  sessionId: string;
  entryId: string;
  lasts: "once" | number;
  lapsesAt: string | null;
  usedAt: string | null;
  endReason: string | null;
  outcome: { outcome: string; sqlstate: string | null; rows: number | null; durationMs: number } | null;
  reviews: RequestReview[];
  seats: RequestSeat[];
  deliveries: RequestDelivery[];
  events: RequestEvent[];
  history: PrincipalHistory;
  /** why the viewer may not decide; null where they may */
  reviewRefusal: string | null;
  mayWithdraw: boolean;
};

/** Seats of the terms with what is missing of each; nobody is seated twice. */
export function seatsOf(
  terms: { quorum: { group: string; count: number }[]; also: string[] },
  state: ReviewsState,
): RequestSeat[] {
  const need = new Map<string, number>();
  for (const { group, count } of terms.quorum) need.set(group, (need.get(group) ?? 0) + count);
  for (const group of terms.also) need.set(group, (need.get(group) ?? 0) + 1);
  const missing = new Map(state.state === "pending" ? state.missing.map((seat) => [seat.group, seat.need]) : []);
  return [...need].map(([group, count]) => ({ group, need: count, missing: missing.get(group) ?? 0 }));
}

/** Signatures that count, of those that it takes. A denied request shows what it had. */
export function signaturesOf(seats: RequestSeat[]): { have: number; need: number } {
  const need = seats.reduce((sum, seat) => sum + seat.need, 0);
  return { have: need - seats.reduce((sum, seat) => sum + seat.missing, 0), need };
}

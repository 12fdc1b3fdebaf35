import type { ApprovalStatus, ApprovalUse } from "./types";

const nextStatuses: Record<ApprovalStatus, readonly ApprovalStatus[]> = {
  pending: ["approved", "denied", "expired", "withdrawn", "superseded"],
  // What the approval was bound to changed before it was used.
  approved: ["superseded"],
  denied: [],
  expired: [],
  withdrawn: [],
  superseded: [],
};

const nextUses: Record<ApprovalUse, readonly ApprovalUse[]> = {
  unused: ["used", "lapsed", "revoked"],
  used: [],
  lapsed: [],
  revoked: [],
};

/** What a row says; the clock may say otherwise. */
export type StoredState = {
  status: ApprovalStatus;
  use: ApprovalUse | null;
  expiresAt: Date;
  lapsesAt: Date | null;
};

export type EffectiveState = { status: ApprovalStatus; use: ApprovalUse | null };

/**
 * The state at a moment. A request has expired the moment its time passes and an unused approval has
 * lapsed, whether or not a sweep has written it down.
 */
export function statusAt(stored: StoredState, now: Date): EffectiveState {
  const { status, use, expiresAt, lapsesAt } = stored;
  if (status === "pending") return { status: now >= expiresAt ? "expired" : "pending", use: null };
  if (status !== "approved") return { status, use };
  if (use === "unused" && (lapsesAt === null || now >= lapsesAt)) return { status, use: "lapsed" };
  return { status, use };
}

/** True for an approval that may still let its statement run. */
export function isUsable(stored: StoredState, now: Date): boolean {
  const { status, use } = statusAt(stored, now);
  return status === "approved" && use === "unused";
}

/** Whether a request may go from one status to another. An approval that was used stays approved. */
export function mayBecome(from: EffectiveState, to: ApprovalStatus): boolean {
  if (from.status === "approved" && from.use !== "unused") return false;
  return nextStatuses[from.status].includes(to);
}

/** Whether an approval's use may change so. */
export function useMayBecome(from: ApprovalUse, to: ApprovalUse): boolean {
  return nextUses[from].includes(to);
}

import type { HoldTerms } from "@/lib/policy/types";
import { reviewerGroups } from "./quorum";
import { type StoredState, statusAt } from "./states";

export type ReviewRefusal = "agent" | "ended" | "own" | "notInGroup" | "alreadyReviewed";

export type MayReview = { ok: true; groups: string[] } | { ok: false; code: ReviewRefusal; reason: string };

/**
 * Whether somebody may review a request now. `groups` of the answer are those of the terms that the
 * person is in, to be kept with the review. Roles do not matter: reviewers are whoever is in the group.
 */
export function mayReview(about: {
  reviewer: { kind: "person" | "agent"; email: string; groups: readonly string[] };
  request: StoredState & { terms: Pick<HoldTerms, "quorum" | "also"> };
  /** see `excludedFromReview` */
  excluded: readonly string[];
  /** e-mails of those who reviewed this version already */
  reviewed: readonly string[];
  now: Date;
}): MayReview {
  const { reviewer, request, excluded, reviewed, now } = about;
  const email = reviewer.email.toLowerCase();
  const isAmong = (emails: readonly string[]) => emails.some((each) => each.toLowerCase() === email);
  if (reviewer.kind !== "person") return refusal("agent", "agents ask and withdraw, they never review");
  const { status } = statusAt(request, now);
  if (status !== "pending") return refusal("ended", `the request is ${status}`);
  if (isAmong(excluded)) {
    return refusal("own", "this is your own request: you asked, own the agent, issued its token or are named by it");
  }
  const asked = reviewerGroups(request.terms);
  const groups = asked.filter((group) => reviewer.groups.includes(group));
  if (groups.length === 0) return refusal("notInGroup", `members of ${asked.join(" or ")} review this request`);
  if (isAmong(reviewed)) return refusal("alreadyReviewed", "you have reviewed this request already");
  return { ok: true, groups };
}

function refusal(code: ReviewRefusal, reason: string): MayReview {
  return { ok: false, code, reason };
}

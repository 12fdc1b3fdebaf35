import type { HoldTerms } from "@/lib/policy/types";
import { type MissingSeats, missingSeats } from "./assign-seats";
import type { ReviewVote } from "./types";

/** A review as it counts: `groups` are those that the person was in when reviewing. */
export type CountedReview = { email: string; vote: ReviewVote; groups: readonly string[] };

export type ReviewsState = { state: "pending"; missing: MissingSeats[] } | { state: "approved" } | { state: "denied" };

/**
 * Where the reviews of one version of a request stand. Pure in its arguments.
 *
 * People count, not groups: each takes one seat of the quorum, in whichever of their groups lets the
 * others sit too. One denial by somebody who may review ends it. Excluded people (see
 * `excludedFromReview`) count neither way. The author of the policy that holds the request counts beside
 * others, never alone.
 */
export function evaluateReviews(about: {
  terms: Pick<HoldTerms, "quorum" | "also">;
  reviews: readonly CountedReview[];
  excluded: readonly string[];
  policyAuthor?: string | null;
}): ReviewsState {
  const { terms, reviews, policyAuthor } = about;
  const excluded = new Set(about.excluded.map((email) => email.toLowerCase()));
  const asked = reviewerGroups(terms);
  const counted = reviews
    .map((review) => ({ ...review, email: review.email.toLowerCase() }))
    .filter((review) => !excluded.has(review.email) && review.groups.some((group) => asked.includes(group)));
  if (counted.some((review) => review.vote === "deny")) return { state: "denied" };

  const approvers = new Map(counted.map((review) => [review.email, review.groups]));
  const missing = missingSeats(terms, approvers);
  if (missing.length > 0) return { state: "pending", missing };
  if (approvers.size === 0) return { state: "pending", missing: [] };
  if (policyAuthor && approvers.size === 1 && approvers.delete(policyAuthor.toLowerCase())) {
    return { state: "pending", missing: missingSeats(terms, approvers) };
  }
  return { state: "approved" };
}

/** The groups whose members may review. */
export function reviewerGroups(terms: Pick<HoldTerms, "quorum" | "also">): string[] {
  return [...new Set([...terms.quorum.map(({ group }) => group), ...terms.also])];
}

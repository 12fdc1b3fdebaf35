import type { HoldTerms } from "@/lib/policy/types";
import { missingSeats } from "./assign-seats";

/** Whether the quorum can be made by people who exist. `excluded` never count: see `excludedFromReview`. */
export function reachable(about: {
  terms: Pick<HoldTerms, "quorum" | "also">;
  /** people by group, e-mails */
  members: Readonly<Record<string, readonly string[]>>;
  excluded: readonly string[];
}): boolean {
  const excluded = new Set(about.excluded.map((email) => email.toLowerCase()));
  const groupsOf = new Map<string, string[]>();
  for (const [group, emails] of Object.entries(about.members)) {
    for (const email of emails.map((each) => each.toLowerCase())) {
      if (excluded.has(email)) continue;
      groupsOf.set(email, [...(groupsOf.get(email) ?? []), group]);
    }
  }
  return missingSeats(about.terms, groupsOf).length === 0;
}

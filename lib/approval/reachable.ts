import type { HoldTerms } from "@/lib/policy/types";
import { missingSeats } from "./assign-seats";

/** Whether the quorum can be made by people who exist. `excluded` never count: see `excludedFromReview`. */
export function reachable(about: {
  terms: Pick<HoldTerms, "quorum" | "also">;
  /** people by group, e-mails in lower case */
  members: Readonly<Record<string, readonly string[]>>;
  excluded: readonly string[];
}): boolean {
  const groupsOf = new Map<string, string[]>();
  for (const [group, emails] of Object.entries(about.members)) {
    for (const email of emails) {
      if (about.excluded.includes(email)) continue;
      groupsOf.set(email, [...(groupsOf.get(email) ?? []), group]);
    }
  }
  return missingSeats(about.terms, groupsOf).length === 0;
}

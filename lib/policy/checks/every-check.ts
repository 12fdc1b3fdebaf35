import { checkBudgetScope } from "./budget-scope";
import type { BundleCheck } from "./bundle-check";
import { checkHoldScope } from "./hold-scope";
import { checkKnownAncestors } from "./known-ancestors";
import { checkKnownAnnotations } from "./known-annotations";
import { checkKnownEntities } from "./known-entities";
import { checkPolicyIds } from "./policy-ids";
import { checkReachableQuorum } from "./reachable-quorum";
import { checkSettingValues } from "./setting-values";

/** What the loader asks of policies beyond Cedar's own validation, in the order in which it tells. */
export const everyCheck: readonly BundleCheck[] = [
  checkPolicyIds,
  checkKnownAnnotations,
  checkHoldScope,
  checkSettingValues,
  checkBudgetScope,
  checkKnownEntities,
  checkKnownAncestors,
  checkReachableQuorum,
];

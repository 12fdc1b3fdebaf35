import { readSettings } from "../settings";
import { type BundleCheck, policyFault } from "./bundle-check";

/** `@quorum`, the times, `@channels`, `@severity`, `@mode`, `@budget` and `@reason` have values that mean something. */
export const checkSettingValues: BundleCheck = (policies) =>
  policies.flatMap((policy) =>
    readSettings(policy.json).faults.map(({ annotation, message }) => policyFault(policy, message, { annotation })),
  );

import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import type { BundleFault } from "@/lib/policy/types";
import { consoleActor } from "@/lib/store/actor";
import { activateBundle } from "@/lib/store/bundles";

const params = z.object({ version: z.coerce.number().int().min(1).max(2_147_483_647) });
/** the version that the person saw in force; null where there was none */
const body = z.strictObject({ expectedActive: z.int().nullable() });

/** Puts a version in force, an older one again included. A version with an error changes nothing. */
export const POST = route(
  { can: "policy.activate", params, body },
  async ({ viewer, params: { version }, body: { expectedActive } }) => {
    const activation = { version, person: viewer.email, expectedActive };
    const result = await activateBundle(activation, consoleActor(viewer));
    switch (result.outcome) {
      case "activated":
        return { version, previousVersion: result.previousVersion, warnings: result.warnings };
      case "invalid": {
        const faults = result.faults.filter(({ severity }) => severity === "error").map(faultLine);
        throw new AppError("invalid", `version ${version} has errors; nothing was changed`, { faults });
      }
      case "stale":
        throw new AppError("conflict", staleMessage(version, result.activeVersion));
    }
  },
);

function staleMessage(version: number, active: number | null): string {
  if (active === version) return `version ${version} is in force already`;
  return `${active === null ? "no version" : `version ${active}`} is in force now, not the one you saw; look again`;
}

function faultLine({ file, line, message }: BundleFault): string {
  return (
    [file, line].filter((part) => part !== undefined && part !== "").join(":") + (file === "" ? "" : ": ") + message
  );
}

import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { readWholeVersion } from "../version-rows";

const params = z.object({ version: z.coerce.number().int().min(1).max(2_147_483_647) });

/** One version with its files. */
export const GET = route({ can: "policy.read", params }, async ({ params: { version } }) => {
  const bundle = await readWholeVersion(version);
  if (bundle === null) throw new AppError("not_found", `there is no bundle version ${version}`);
  return bundle;
});

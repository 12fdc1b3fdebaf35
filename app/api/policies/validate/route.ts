import { z } from "zod";
import { route } from "@/lib/http";
import { checkBundle } from "@/lib/store/bundles";
import { bundleFiles } from "../bundle-body";

/** What is wrong with a bundle, by file and line; keeps nothing. */
export const POST = route(
  { can: "policy.write", body: z.strictObject({ files: bundleFiles }) },
  async ({ body: { files } }) => ({ faults: await checkBundle(files) }),
);

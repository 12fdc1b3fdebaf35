import { z } from "zod";
import { route } from "@/lib/http";
import { bundleFiles } from "../bundle-body";
import { runTests } from "./run-tests";

/** Runs the tests that a bundle holds, against the registered catalogs; touches no upstream and keeps nothing. */
export const POST = route(
  { can: "policy.write", body: z.strictObject({ files: bundleFiles }) },
  async ({ body: { files } }) => ({ results: await runTests(files) }),
);

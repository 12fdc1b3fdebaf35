import { z } from "zod";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { saveBundle } from "@/lib/store/bundles";
import { bundleFiles } from "./bundle-body";
import { readActivePolicies } from "./policy-rows";
import { readVersionRows } from "./version-rows";

/** The bundle in force, policy by policy, and every version. */
export const GET = route({ can: "policy.read" }, async () => {
  const [active, versions] = await Promise.all([readActivePolicies(), readVersionRows()]);
  return { active, versions };
});

const body = z.strictObject({ files: bundleFiles, note: z.string().max(500).default("") });

/** Keeps a bundle as a draft: a new version, which decides nothing before it is activated. */
export const POST = route({ can: "policy.write", body }, ({ viewer, body: { files, note } }) =>
  saveBundle({ files, note: note.trim(), author: viewer.email }, consoleActor(viewer)),
);

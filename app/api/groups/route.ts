import { z } from "zod";
import { readIdentities } from "@/app/api/identities/identity-rows";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { addGroup } from "@/lib/store/groups";

export const GET = route({ can: "identity.read" }, async ({ viewer }) => (await readIdentities(viewer)).groups);

const body = z.strictObject({ name: z.string().max(255) });

export const POST = route({ can: "identity.write", body }, async ({ viewer, body: { name } }) => {
  await addGroup({ name: name.trim() }, consoleActor(viewer));
  return { name: name.trim() };
});

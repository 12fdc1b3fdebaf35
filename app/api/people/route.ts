import { z } from "zod";
import { readIdentities } from "@/app/api/identities/identity-rows";
import { roles } from "@/lib/access/permissions";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { addPerson } from "@/lib/store/people";

export const GET = route({ can: "identity.read" }, async ({ viewer }) => (await readIdentities(viewer)).people);

const body = z.strictObject({
  email: z.string().max(254),
  name: z.string().max(200).optional(),
  role: z.enum(roles),
  groups: z.array(z.string().max(255)).max(200).default([]),
});

/** Adds a person; their first verified sign-in with this address is bound to it. */
export const POST = route({ can: "identity.write", body }, async ({ viewer, body }) => {
  await addPerson(body, consoleActor(viewer));
  return { email: body.email.trim().toLowerCase() };
});

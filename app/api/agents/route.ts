import { z } from "zod";
import { readIdentities } from "@/app/api/identities/identity-rows";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { addAgent } from "@/lib/store/agents";

export const GET = route({ can: "identity.read" }, async ({ viewer }) => (await readIdentities(viewer)).agents);

const body = z.strictObject({
  name: z.string().max(63),
  /** e-mail */
  owner: z.string().max(254),
  groups: z.array(z.string().max(255)).max(200).default([]),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});

/** Adds an agent that a person answers for. */
export const POST = route({ can: "identity.write", body }, async ({ viewer, body: { expiresAt, ...agent } }) => {
  await addAgent({ ...agent, expiresAt: expiresAt === null ? null : new Date(expiresAt) }, consoleActor(viewer));
  return { name: agent.name };
});

import { z } from "zod";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { setAgentFrozen } from "@/lib/store/agents";

const params = z.object({ name: z.string().max(63) });
const body = z.strictObject({ frozen: z.boolean(), reason: z.string().max(500).optional() });

/** Freezes an agent everywhere at once, or lets it go on. */
export const PATCH = route({ can: "identity.write", params, body }, ({ viewer, params: { name }, body }) =>
  setAgentFrozen({ name, ...body }, consoleActor(viewer)),
);

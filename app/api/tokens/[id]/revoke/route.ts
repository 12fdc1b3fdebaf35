import { z } from "zod";
import { maySeeToken } from "@/lib/access/token-rule";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { listTokens, revokeToken } from "@/lib/store/tokens";
import { findHolder } from "../../token-holder";

const params = z.object({ id: z.uuid() });
const body = z.strictObject({ reason: z.string().max(500).optional() });

/** Ends a token and the sessions that it opened. Whoever may not see it is told that it does not exist. */
export const POST = route({ can: "token.revoke", params, body }, async ({ viewer, params: { id }, body }) => {
  const token = (await listTokens()).find((one) => one.id === id);
  const holder = token === undefined ? null : await findHolder(token.principal);
  if (holder === null || !maySeeToken({ viewer, principal: holder })) {
    throw new AppError("not_found", "there is no such token");
  }
  await revokeToken({ id, ...body }, consoleActor(viewer));
});

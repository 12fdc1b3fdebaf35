import { z } from "zod";
import { mayIssueToken, maySeeToken } from "@/lib/access/token-rule";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { issueToken, listTokens } from "@/lib/store/tokens";
import { findHolder } from "./token-holder";

/** `agent/NAME` or `person/EMAIL` */
const principal = z.string().regex(/^(agent|person)\/\S+$/, "must be agent/NAME or person/EMAIL");
const ttlSecondsMax = 366 * 24 * 3_600;

/** One principal's tokens, newest first; what checks them never leaves the store. */
export const GET = route(
  { can: "token.read", query: z.object({ principal }) },
  async ({ viewer, query: { principal } }) => {
    const holder = await findHolder(principal);
    if (!maySeeToken({ viewer, principal: holder })) {
      throw new AppError("forbidden", `only an admin and ${holder.owner} see the tokens of ${holder.name}`);
    }
    return listTokens(`${holder.kind}/${holder.name}`);
  },
);

const body = z.strictObject({ principal, ttlSeconds: z.int().min(60).max(ttlSecondsMax).nullable() });

/** Makes a token. The answer holds its secret, once. */
export const POST = route({ can: "token.issue", body }, async ({ viewer, body: { principal, ttlSeconds } }) => {
  const holder = await findHolder(principal);
  if (!mayIssueToken({ viewer, principal: holder })) {
    const who = holder.kind === "person" ? holder.owner : `an admin or ${holder.owner}`;
    throw new AppError("forbidden", `only ${who} can make a token for ${holder.name}`);
  }
  const token = { principal: `${holder.kind}/${holder.name}`, ttlSeconds, issuedBy: viewer.email };
  return issueToken(token, consoleActor(viewer));
});

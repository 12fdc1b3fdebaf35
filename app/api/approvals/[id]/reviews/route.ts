import { z } from "zod";
import { AppError, type ErrorCode } from "@/lib/errors";
import { route } from "@/lib/http";
import { requireVisible } from "@/lib/store/approval-inbox";
import { reviewApproval } from "@/lib/store/review-approval";

const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
const body = z.strictObject({ vote: z.enum(["approve", "deny"]), reason: z.string().max(2_000).default("") });

/** Votes on a request: `{ vote, reason }`. Answers with where the request stands now. */
export const POST = route({ can: "approval.review", params, body }, async ({ viewer, params: { id }, body }) => {
  await requireVisible(viewer, id);
  const result = await reviewApproval({ approvalId: id, email: viewer.email, ...body, channel: "console" });
  if (result.outcome === "refused") throw new AppError(codeOf(result.code), result.reason);
  return { status: result.status, missing: result.missing };
});

function codeOf(refusal: string): ErrorCode {
  return refusal === "ended" || refusal === "alreadyReviewed" ? "conflict" : "forbidden";
}

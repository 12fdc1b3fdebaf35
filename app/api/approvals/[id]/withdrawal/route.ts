import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { requireVisible } from "@/lib/store/approval-inbox";
import { withdrawApproval } from "@/lib/store/approvals";

const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
const body = z.strictObject({ reason: z.string().trim().max(2_000).default("") });

/** Takes a request back: whoever asked may, and whoever answers for the agent that asked. */
export const POST = route({ can: "approval.withdraw", params, body }, async ({ viewer, params: { id }, body }) => {
  const { status, own } = await requireVisible(viewer, id);
  if (!own)
    throw new AppError("forbidden", "only who asked, or answers for the agent that asked, can take a request back");
  if (status !== "pending") throw new AppError("conflict", `the request is ${status}`);
  const reason = body.reason === "" ? `withdrawn by ${viewer.name}` : body.reason;
  const done = await withdrawApproval(id, reason, { actor: `person/${viewer.email}`, channel: "console" });
  if (!done) throw new AppError("conflict", "the request has ended already");
});

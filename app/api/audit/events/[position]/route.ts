import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { listAudit } from "@/lib/store/audit-list";
import { listedEvent } from "../../log-filters";

const params = z.object({ position: z.string().regex(/^\d{1,18}$/) });

/** One event of the log with the exact text that was hashed. */
export const GET = route({ can: "audit.read", params }, async ({ params: { position } }) => {
  const before = (BigInt(position) + 1n).toString();
  const [event] = (await listAudit({ before, limit: 1 })).events;
  if (event === undefined || event.position !== position)
    throw new AppError("not_found", "the log has no such position");
  const { id, policies, leaf, statement } = event;
  return { ...listedEvent(event), statement, id, policies, leaf };
});

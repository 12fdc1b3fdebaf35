import { z } from "zod";
import { route } from "@/lib/http";
import { readTimeline } from "@/lib/store/audit-list";
import { listedEvent } from "../log-filters";

const query = z.union([
  z.object({ request: z.coerce.number().int().min(1).max(2_147_483_647) }),
  z.object({ entry: z.uuid() }),
]);

/** Everything that the log has of one request or one statement, in the order of the log. */
export const GET = route({ can: "audit.read", query }, async ({ query }) => {
  const events = await readTimeline("request" in query ? { approvalId: query.request } : { entryId: query.entry });
  return { events: events.map(listedEvent) };
});

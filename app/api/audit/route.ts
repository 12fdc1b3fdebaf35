import { z } from "zod";
import { route } from "@/lib/http";
import { listAudit } from "@/lib/store/audit-list";
import { auditFiltersOf, listedEvent } from "./log-filters";

const query = z.object({
  q: z.string().max(2_000).default(""),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable()
    .default(null),
});

/** Events of the log that match, newest first, from before a position. */
export const GET = route({ can: "audit.read", query }, async ({ query: { q, before } }) => {
  const { filters, ignored } = auditFiltersOf(q);
  const page = await listAudit({ filters, before });
  return { events: page.events.map(listedEvent), before: page.before, ignored };
});

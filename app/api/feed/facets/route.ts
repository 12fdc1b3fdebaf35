import { z } from "zod";
import { parseFilter } from "@/lib/audit/parse-filter";
import { route } from "@/lib/http";
import { readFeedFacets } from "@/lib/store/feed-facets";

const query = z.object({
  q: z.string().max(2_000).default(""),
  hours: z.coerce.number().int().min(1).max(720).default(24),
});

/** How often each decision, principal, database, policy, label and kind occurred among the statements that match. */
export const GET = route({ can: "feed.read", query }, ({ query: { q, hours } }) =>
  readFeedFacets({ filter: parseFilter(q), since: new Date(Date.now() - hours * 3_600_000) }),
);

import { z } from "zod";
import { parseFilter } from "@/lib/audit/parse-filter";
import { route } from "@/lib/http";
import { readFeedPage } from "@/lib/store/feed";

const query = z.object({
  q: z.string().max(2_000).default(""),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable()
    .default(null),
});

/** Statements that match, newest first, from before a log position. */
export const GET = route({ can: "feed.read", query }, ({ query: { q, before } }) =>
  readFeedPage({ filter: parseFilter(q), before }),
);

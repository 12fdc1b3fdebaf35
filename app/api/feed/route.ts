import { z } from "zod";
import { parseFilter } from "@/lib/audit/parse-filter";
import { sessionToken } from "@/lib/auth";
import { route } from "@/lib/http";
import { eventStream } from "@/lib/http-stream";
import { readLastPosition } from "@/lib/store/feed";
import { endWithSession, followFeed } from "./follow-feed";

const position = /^-?\d{1,18}$/;
const query = z.object({ q: z.string().max(2_000).default(""), after: z.string().regex(position).optional() });

/**
 * Live statements as Server-Sent Events `statements` with `{ rows, skipped }`; the id of each is a log position, so
 * that Last-Event-ID (or ?after=) resumes without a loss. Without either it begins at the end of the log.
 */
export const GET = route({ can: "feed.read", query }, async ({ query: { q, after }, request }) => {
  const resume = request.headers.get("last-event-id") ?? after;
  const from = resume !== undefined && position.test(resume) ? resume : await readLastPosition();
  const token = (await sessionToken()) ?? "";
  return eventStream(request.signal, (sink) => {
    followFeed({ sink, filter: parseFilter(q), from });
    endWithSession({ sink, token, permission: "feed.read" });
  });
});

import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { readTimeline } from "@/lib/store/audit-list";
import { readFeedRow } from "@/lib/store/feed";

const params = z.object({ entryId: z.uuid() });

/** One statement with every event that the log has of it. */
export const GET = route({ can: "feed.read", params }, async ({ params: { entryId } }) => {
  const row = await readFeedRow(entryId);
  if (row === null) throw new AppError("not_found", "the log has no such statement");
  const timeline = await readTimeline({ entryId });
  // A lasting approval has other statements too; they are told on the page of the approval.
  const events = timeline.filter((event) => event.entryId === entryId || event.kind.startsWith("approval."));
  return { row, events: events.map(({ position, kind, at, actor, leaf }) => ({ position, kind, at, actor, leaf })) };
});

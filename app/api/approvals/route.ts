import { z } from "zod";
import { inboxViews } from "@/lib/approval/inbox-view";
import { route } from "@/lib/http";
import { listInbox } from "@/lib/store/approval-inbox";

const query = z.object({ view: z.enum(inboxViews).default("open") });

/** Requests as the signed-in person sees them. */
export const GET = route({ can: "approval.read", query }, ({ viewer, query: { view } }) => listInbox(viewer, view));

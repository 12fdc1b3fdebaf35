import { z } from "zod";
import { route } from "@/lib/http";
import { readRequest } from "@/lib/store/approval-inbox";

const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });

/** Everything that a reviewer sees of one request. */
export const GET = route({ can: "approval.read", params }, ({ viewer, params: { id } }) => readRequest(viewer, id));

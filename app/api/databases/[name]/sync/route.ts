import { z } from "zod";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { syncCatalog } from "@/lib/store/sync-catalog";

const params = z.object({ name: z.string().max(63) });

/** Reads the upstream's catalog now: `synced` with what it holds, or `failed` with what went wrong. */
export const POST = route({ can: "database.write", params }, ({ viewer, params: { name } }) =>
  syncCatalog(name, consoleActor(viewer)),
);

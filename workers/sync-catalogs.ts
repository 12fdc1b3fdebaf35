import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { systemActor } from "@/lib/store/actor";
import { listDatabases } from "@/lib/store/databases";
import { syncCatalog } from "@/lib/store/sync-catalog";

/** Reads every upstream's catalog again, one after the other; one that is down does not keep the others. */
export async function syncCatalogs(): Promise<void> {
  const by = systemActor("workers");
  for (const { name } of await listDatabases()) {
    try {
      const result = await syncCatalog(name, by);
      if (result.outcome === "failed")
        log("workers").warn({ database: name, error: result.error }, "a catalog was not read");
    } catch (error) {
      log("workers").warn({ database: name, error: messageOf(error) }, "a catalog was not read");
    }
  }
}

import pg from "pg";
import { messageOf } from "@/lib/errors";
import { withoutPasswords } from "@/lib/log";
import { readCatalog } from "@/lib/upstream/read-catalog";
import type { Actor } from "./actor";
import { saveCatalog, saveSyncFailure } from "./catalogs";
import { upstreamUrl } from "./databases";

const connectTimeoutMs = 5_000;

export type SyncResult =
  | { outcome: "synced"; changed: boolean; relations: number; functions: number }
  | { outcome: "failed"; error: string };

/**
 * Reads a registered upstream's catalog and keeps it. No transaction of the store is open meanwhile.
 * @throws AppError "not_found", "unavailable" (the store, or a credential that does not open)
 */
export async function syncCatalog(database: string, by: Actor): Promise<SyncResult> {
  const client = new pg.Client({
    connectionString: await upstreamUrl(database),
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "countersign catalog",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const catalog = await readCatalog(client);
    const { changed } = await saveCatalog({ database, catalog }, by);
    return { outcome: "synced", changed, relations: catalog.relations.length, functions: catalog.functions.length };
  } catch (error) {
    const text = withoutPasswords(messageOf(error));
    await saveSyncFailure({ database, error: text }, by);
    return { outcome: "failed", error: text };
  } finally {
    await client.end().catch(() => undefined);
  }
}

import type { DatabaseRow } from "@/components/databases/database-rows";
import { listDatabases } from "@/lib/store/databases";

/** Every registered upstream, as pages and the API show it. */
export async function readDatabaseRows(): Promise<DatabaseRow[]> {
  const databases = await listDatabases();
  return databases.map(({ id: _id, syncedAt, createdAt, ...database }) => ({
    ...database,
    syncedAt: syncedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }));
}

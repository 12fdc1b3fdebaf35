import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { listAudit } from "@/lib/store/audit-list";
import { readStoredCatalog } from "@/lib/store/catalogs";
import { setDatabaseUrl } from "@/lib/store/database-address";
import { removeDatabase, setDatabaseLabels } from "@/lib/store/databases";
import { syncCatalog } from "@/lib/store/sync-catalog";
import { readDatabaseRows } from "../database-rows";

const params = z.object({ name: z.string().max(63) });
const eventsShown = 8;

/** One upstream with what its catalog holds and the latest changes. */
export const GET = route({ can: "database.read", params }, async ({ params: { name } }) => {
  const database = (await readDatabaseRows()).find((row) => row.name === name);
  if (database === undefined) throw new AppError("not_found", `there is no database named ${name}`);
  const [catalog, { events }] = await Promise.all([
    readStoredCatalog(name),
    listAudit({ filters: { area: "database", database: name }, limit: eventsShown }),
  ]);
  const schemas = new Map<string, { schema: string; tables: number; views: number; partitions: number }>();
  const byOid = new Set(catalog?.relations.map(({ oid }) => oid));
  for (const relation of catalog?.relations ?? []) {
    const counts = schemas.get(relation.schema) ?? { schema: relation.schema, tables: 0, views: 0, partitions: 0 };
    schemas.set(relation.schema, counts);
    if (relation.kind === "v" || relation.kind === "m") counts.views += 1;
    else if (relation.parents.some((oid) => byOid.has(oid))) counts.partitions += 1;
    else if (relation.kind !== "S") counts.tables += 1;
  }
  return {
    database,
    schemas: [...schemas.values()].sort((a, b) => a.schema.localeCompare(b.schema)),
    events: events.map(({ position, kind, at, actor }) => ({ position, kind, at: at.toISOString(), actor })),
  };
});

const change = z
  .strictObject({ labels: z.record(z.string(), z.string()).optional(), url: z.string().max(2_000).optional() })
  .refine(({ labels, url }) => labels !== undefined || url !== undefined, "nothing to change");

/** Changes labels, or address and credentials; a new address is followed by reading its catalog. */
export const PATCH = route(
  { can: "database.write", params, body: change },
  async ({ viewer, params: { name }, body: { labels, url } }) => {
    const by = consoleActor(viewer);
    if (labels !== undefined) await setDatabaseLabels({ name, labels }, by);
    if (url === undefined) return { name };
    await setDatabaseUrl({ name, url }, by);
    return { name, sync: await syncCatalog(name, by) };
  },
);

export const DELETE = route({ can: "database.write", params }, ({ viewer, params: { name } }) =>
  removeDatabase(name, consoleActor(viewer)),
);

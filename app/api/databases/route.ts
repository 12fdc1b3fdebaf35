import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { listDatabases, putDatabase } from "@/lib/store/databases";
import { syncCatalog } from "@/lib/store/sync-catalog";
import { readDatabaseRows } from "./database-rows";

export const GET = route({ can: "database.read" }, readDatabaseRows);

const body = z.strictObject({
  name: z.string().max(63),
  url: z.string().max(2_000),
  labels: z.record(z.string(), z.string()).default({}),
});

/** Registers an upstream and reads its catalog; a catalog that cannot be read is told, not an error. */
export const POST = route({ can: "database.write", body }, async ({ viewer, body }) => {
  const by = consoleActor(viewer);
  if ((await listDatabases()).some(({ name }) => name === body.name)) {
    throw new AppError("conflict", `there is a database named ${body.name} already`);
  }
  await putDatabase(body, by);
  return { name: body.name, sync: await syncCatalog(body.name, by) };
});

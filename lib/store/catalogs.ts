import { createHash } from "node:crypto";
import canonicalizeModule from "canonicalize";

import { db, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { type Catalog, catalogSchema } from "@/lib/sql/catalog";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";
import { bumpSnapshot } from "./snapshot";

// The package is CommonJS with a default-export type; under ESM the function itself is what is imported.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;

const errorCharactersMax = 500;

/**
 * SHA-256, hex, over what names resolve to. Row estimates are left out: they change all the time and nobody's
 * decision depends on them being fresh.
 */
export function catalogHashOf(catalog: Catalog): string {
  const relations = catalog.relations.map(({ rows: _rows, ...relation }) => relation);
  return createHash("sha256")
    .update(canonicalize({ ...catalog, relations }))
    .digest("hex");
}

/**
 * Keeps what was just read from an upstream. Brokers are told only where it differs from what they have.
 * @throws AppError("not_found")
 */
export async function saveCatalog(
  { database, catalog }: { database: string; catalog: Catalog },
  by: Actor,
): Promise<{ changed: boolean; hash: string }> {
  const hash = catalogHashOf(catalog);
  return withTransaction(async (tx) => {
    const { rows } = await tx.query<{ id: string; hash: string | null; sync_error: string | null }>(
      `select d.id, d.sync_error, c.hash from upstream_database d
         left join database_catalog c on c.database_id = d.id where d.name = $1 for update of d`,
      [database],
    );
    const row = rows[0];
    if (row === undefined) throw new AppError("not_found", `there is no database named ${database}`);
    const changed = row.hash !== hash;
    await tx.query("update upstream_database set synced_at = now(), sync_error = null where id = $1", [row.id]);
    await tx.query(
      `insert into database_catalog (database_id, hash, document, read_at) values ($1, $2, $3, now())
       on conflict (database_id) do update set hash = excluded.hash, document = excluded.document, read_at = now()`,
      [row.id, hash, JSON.stringify(catalog)],
    );
    const relations = catalog.relations.length;
    // A periodic read that finds nothing new is no event: it would drown the record.
    if (changed || by.channel !== "system") {
      await appendAudit(tx, { kind: "database.synced", ...by, database, relations, catalogHash: hash, changed });
    }
    if (changed || row.sync_error !== null) await bumpSnapshot(tx);
    return { changed, hash };
  });
}

/** Notes why a catalog could not be read; the last one that could be read stays in force. */
export async function saveSyncFailure(
  { database, error }: { database: string; error: string },
  by: Actor,
): Promise<void> {
  const text = error.slice(0, errorCharactersMax);
  await withTransaction(async (tx) => {
    const { rowCount } = await tx.query(
      "update upstream_database set sync_error = $2 where name = $1 and sync_error is distinct from $2",
      [database, text],
    );
    if (rowCount === 0) return;
    await appendAudit(tx, { kind: "database.syncFailed", ...by, database, error: text });
    await bumpSnapshot(tx);
  });
}

/** The catalog as last read; null where it never was. */
export async function readStoredCatalog(database: string): Promise<Catalog | null> {
  const { rows } = await db().query<{ document: unknown }>(
    `select c.document from database_catalog c join upstream_database d on d.id = c.database_id where d.name = $1`,
    [database],
  );
  return rows[0] === undefined ? null : catalogSchema.parse(rows[0].document);
}

import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

import { AppError, isUnreachable, messageOf } from "@/lib/errors";
import { packageRoot } from "@/lib/package-root";
import { migrateQueues, queueSchema } from "@/lib/queues";
import { grantApplication } from "./grants";

// The key that `prisma migrate` locks, so that the two never run at once.
const migrationLockKey = 72_707_369;
const connectTimeoutMs = 10_000;

/** Prisma's own table, byte for byte, so that `prisma migrate` can take over elsewhere. */
const ledgerSql = `create table if not exists "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum" VARCHAR(64) NOT NULL,
    "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT,
    "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

type Migration = { name: string; sql: string; checksum: string };

export type MigrateOptions = {
  /** DATABASE_OWNER_URL: owns the tables */
  ownerUrl: string;
  /** DATABASE_URL: its role is made where it is missing, and gets its privileges */
  applicationUrl: string;
  /** prisma/migrations of the package unless told otherwise */
  migrationsDir?: string;
};

export type MigrateResult = { applied: string[]; current: string[] };

/**
 * Brings the governance store up to date: our migrations, the queues' own, the application role and its grants.
 * Idempotent; of two at once the second waits and finds nothing left to do. A migration and its entry in the
 * ledger commit together.
 * @throws AppError "unavailable" (no route), "conflict" (an applied migration was edited, or the store is newer)
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const role = applicationRole(options);
  const migrations = await readMigrations(options.migrationsDir ?? join(packageRoot(), "prisma", "migrations"));
  const client = new pg.Client({
    connectionString: options.ownerUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "countersign migrate",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select pg_advisory_lock($1)", [migrationLockKey]);
    const applied = await applyMissing(client, migrations);
    await migrateQueues(client);
    await ensureRole(client, role);
    await grantApplication(client, pg.escapeIdentifier(role.name), queueSchema);
    return { applied, current: migrations.map(({ name }) => name) };
  } catch (error) {
    if (isUnreachable(error)) {
      throw new AppError("unavailable", `the governance store cannot be reached: ${messageOf(error)}`, {
        cause: error,
      });
    }
    throw error;
  } finally {
    // Ending the connection releases the lock.
    await client.end().catch(() => undefined);
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(folder, name, "migration.sql"));
      return { name, sql: bytes.toString("utf8"), checksum: createHash("sha256").update(bytes).digest("hex") };
    }),
  );
}

async function applyMissing(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  await client.query(ledgerSql);
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'select migration_name, checksum, finished_at from "_prisma_migrations" where rolled_back_at is null',
  );
  const done = new Map(rows.map((row) => [row.migration_name, row]));
  const known = new Set(migrations.map(({ name }) => name));
  for (const name of done.keys()) {
    if (!known.has(name)) throw new AppError("conflict", `the store has migration ${name}, which this version lacks`);
  }
  const applied: string[] = [];
  for (const migration of migrations) {
    const row = done.get(migration.name);
    if (row === undefined) {
      await apply(client, migration);
      applied.push(migration.name);
    } else if (row.finished_at === null) {
      throw new AppError("conflict", `migration ${migration.name} was begun elsewhere and did not finish`);
    } else if (row.checksum !== migration.checksum) {
      throw new AppError("conflict", `migration ${migration.name} was changed after it was applied`);
    }
  }
  return applied;
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    const startedAt = new Date();
    await client.query("set local search_path to public");
    await client.query(sql);
    await client.query(
      `insert into "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

type Role = { name: string; password: string };

function applicationRole({ ownerUrl, applicationUrl }: MigrateOptions): Role {
  const [owner, application] = [new URL(ownerUrl), new URL(applicationUrl)];
  const name = decodeURIComponent(application.username);
  if (name === "" || name === decodeURIComponent(owner.username)) {
    throw new AppError("invalid", "DATABASE_URL must name a role of its own, not the owner of DATABASE_OWNER_URL");
  }
  return { name, password: decodeURIComponent(application.password) };
}

async function ensureRole(client: pg.Client, { name, password }: Role): Promise<void> {
  const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [name]);
  if (rowCount !== 0) return;
  const login = `create role ${pg.escapeIdentifier(name)} login nosuperuser nocreatedb nocreaterole`;
  await client.query(password === "" ? login : `${login} password ${pg.escapeLiteral(password)}`);
}

import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { packageRoot } from "@/lib/package-root";
import { grantedTables } from "./grants";
import { migrate } from "./migrate";

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store?.stop());

async function asApplication(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: store.applicationUrl });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

describe("migrate", () => {
  it("finds nothing to do the second time", async () => {
    expect(await migrate(store)).toEqual({ applied: [], current: ["0001_init"] });
  });

  it("runs twice at once without a conflict, also on an empty database", async () => {
    await store.asSuperuser("create database twice owner countersign_owner");
    const options = {
      ownerUrl: store.ownerUrl.replace(/countersign$/, "twice"),
      applicationUrl: store.applicationUrl.replace(/countersign$/, "twice"),
    };
    const results = await Promise.all([migrate(options), migrate(options)]);
    expect(results.flatMap(({ applied }) => applied)).toEqual(["0001_init"]);
  });

  it("records in Prisma's own format", async () => {
    const { rows } = await store.asOwner('select * from "_prisma_migrations"');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ migration_name: "0001_init", rolled_back_at: null, applied_steps_count: 1 });
    expect(rows[0].checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(rows[0].finished_at).toBeInstanceOf(Date);
  });

  it("refuses an edited migration and a store from the future", async () => {
    const folder = await mkdtemp(join(tmpdir(), "countersign-migrations-"));
    try {
      await cp(join(packageRoot(), "prisma", "migrations"), folder, { recursive: true });
      await writeFile(join(folder, "0001_init", "migration.sql"), "select 1");
      await expect(migrate({ ...store, migrationsDir: folder })).rejects.toThrow(/changed after it was applied/);
      await rm(join(folder, "0001_init"), { recursive: true });
      await expect(migrate({ ...store, migrationsDir: folder })).rejects.toThrow(/which this version lacks/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("refuses one role for both purposes and names an unreachable store", async () => {
    await expect(migrate({ ownerUrl: store.ownerUrl, applicationUrl: store.ownerUrl })).rejects.toThrow(
      /role of its own/,
    );
    const nowhere = { ownerUrl: "postgres://o:p@127.0.0.1:1/x", applicationUrl: "postgres://a:p@127.0.0.1:1/x" };
    await expect(migrate(nowhere)).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("the record's tables", () => {
  const insertEvent = `insert into audit_event (position, id, leaf, leaf_hash, kind, at, policies)
    values (0, gen_random_uuid(), '{}', sha256('x'), 'test', now(), '{}')`;

  it("give the application role neither writes to the log nor changes to the inbox", async () => {
    await store.asOwner(insertEvent);
    for (const sql of [
      insertEvent.replace("(0,", "(1,"),
      "update audit_event set kind = 'x'",
      "delete from audit_event",
      "truncate audit_event",
      "delete from audit_inbox",
      "update audit_inbox set leaf = ''",
      "drop table audit_event",
      "alter table audit_event disable trigger all",
      "select audit_ensure_partition(99999999)",
      "delete from review",
      "update review set vote = 'approve'",
    ]) {
      await expect(asApplication(sql), sql).rejects.toMatchObject({ code: "42501" });
    }
    expect((await asApplication("select count(*)::int as n from audit_event")).rows).toEqual([{ n: 1 }]);
  });

  it("refuse update, delete and truncate to their owner too, on the parent and on every partition", async () => {
    await store.asOwner("select audit_ensure_partition(900000000)");
    const { rows } = await store.asOwner(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_event'::regclass",
    );
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const table of ["audit_event", ...rows.map((row) => row.name as string)]) {
      await expect(store.asOwner(`truncate ${table}`), table).rejects.toThrow(/append-only/);
    }
    for (const table of ["audit_event", "audit_event_00000"]) {
      await expect(store.asOwner(`update ${table} set kind = 'x'`), table).rejects.toThrow(/append-only/);
      await expect(store.asOwner(`delete from ${table}`), table).rejects.toThrow(/append-only/);
    }
  });

  it("owe every privilege of the application role to the list", async () => {
    const { rows } = await store.asOwner(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
    );
    expect(rows.map((row) => row.relname).sort()).toEqual([...grantedTables].sort());
  });
});

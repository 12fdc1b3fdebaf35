import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { systemActor } from "./actor";
import { setDatabaseUrl } from "./database-address";
import { listDatabases, putDatabase, upstreamUrl } from "./databases";
import { addGroup } from "./groups";
import { readSnapshotVersion } from "./snapshot";

const by = systemActor("test");
const before = "postgres://broker:first-secret@db.example:5432/shop";
const after = "postgres://broker:second-secret@db2.example:6000/shop2";
let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  await addGroup({ name: "fraud" }, by);
  const roles = [{ group: "fraud", url: before }];
  await putDatabase({ name: "shop", url: before, labels: { env: "production" }, roles }, by);
});
afterAll(() => store?.stop());

describe("another address of a database", () => {
  it("keeps labels and the logins of groups, tells brokers, and is recorded without the password", async () => {
    const version = await readSnapshotVersion();
    await setDatabaseUrl({ name: "shop", url: after }, by);
    expect(await upstreamUrl("shop")).toBe(after);
    expect((await listDatabases())[0]).toMatchObject({
      address: "db2.example:6000/shop2",
      labels: { env: "production" },
      roleGroups: ["fraud"],
    });
    expect(await readSnapshotVersion()).not.toBe(version);
    const { rows } = await store.asOwner("select leaf from audit_inbox where leaf like '%database.changed%'");
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).toContain("db2.example:6000");
    expect(JSON.stringify(rows)).not.toContain("second-secret");
  });

  it("is refused where the URL is none or the database is not known", async () => {
    await expect(setDatabaseUrl({ name: "shop", url: "http://x" }, by)).rejects.toThrow(/must start with postgres/);
    await expect(setDatabaseUrl({ name: "none", url: after }, by)).rejects.toThrow(/no database named none/);
    expect(await upstreamUrl("shop")).toBe(after);
  });
});

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { subscribe } from "@/lib/bus";
import { changeEnv } from "@/lib/env";
import { generateKeyRing } from "@/lib/secrets";
import { systemActor } from "./actor";
import { readStoredCatalog } from "./catalogs";
import { listDatabases, putDatabase, removeDatabase, setDatabaseLabels, upstreamUrl } from "./databases";
import { addGroup } from "./groups";
import { loadSnapshot, readSnapshotVersion } from "./snapshot";
import { syncCatalog } from "./sync-catalog";

const by = systemActor("test");
let store: TestStore;
let url: string;
beforeAll(async () => {
  store = await testStore();
  await store.asSuperuser("create database shop");
  url = store.server.url("shop");
  await addGroup({ name: "fraud" }, by);
});
afterAll(() => store?.stop());

describe("upstream databases", () => {
  it("are registered with their credentials sealed", async () => {
    const registration = { name: "shop", url, labels: { env: "production" }, roles: [{ group: "fraud", url }] };
    expect(await putDatabase(registration, by)).toMatchObject({ replaced: false });
    const [listed] = await listDatabases();
    expect(listed).toMatchObject({
      name: "shop",
      labels: { env: "production" },
      roleGroups: ["fraud"],
      relations: null,
    });
    const password = decodeURIComponent(new URL(url).password);
    expect(JSON.stringify(listed)).not.toContain(password);
    const dump = await store.asOwner(
      `select encode(url_encrypted, 'escape') as a, address, (select string_agg(leaf, '') from audit_inbox) from upstream_database`,
    );
    expect(JSON.stringify(dump.rows)).not.toContain(password);
    expect(await upstreamUrl("shop")).toBe(url);
  });

  it("are replaced as a whole under the same name", async () => {
    expect(await putDatabase({ name: "shop", url, labels: { env: "test" } }, by)).toMatchObject({ replaced: true });
    expect((await listDatabases())[0]).toMatchObject({ labels: { env: "test" }, roleGroups: [] });
    await setDatabaseLabels({ name: "shop", labels: { env: "production" } }, by);
    expect((await loadSnapshot()).databases[0]).toMatchObject({
      name: "shop",
      url,
      labels: { env: "production" },
      catalog: null,
    });
  });

  it.each([
    ["Shop", "postgres://u:p@h/d", {}, /lower-case/],
    ["shop2", "mysql://u:hunter2@h/d", {}, /must start with postgres/],
    ["shop2", "postgres://u:hunter2@h", {}, /names no database/],
    ["shop2", "postgres://h/d", {}, /names no user/],
    ["shop2", "postgres://u:hunter2@h/d", { "Env!": "x" }, /label/],
  ])("refuse %s at %s", async (name, wrongUrl, labels, fault) => {
    const attempt = putDatabase({ name, url: wrongUrl, labels }, by);
    await expect(attempt).rejects.toThrow(fault);
    await expect(attempt).rejects.not.toThrow(/hunter2/);
  });

  it("refuse a role for a group that does not exist", async () => {
    await expect(putDatabase({ name: "other", url, roles: [{ group: "nope", url }] }, by)).rejects.toThrow(
      /no group named nope/,
    );
    expect(await listDatabases()).toHaveLength(1);
  });

  it("tell brokers of a catalog only when it changed", async () => {
    const seen: string[] = [];
    const stop = await subscribe("snapshot", ({ version }) => seen.push(version));
    expect(await syncCatalog("shop", by)).toMatchObject({ outcome: "synced", changed: true, relations: 0 });
    const version = await readSnapshotVersion();
    expect(await syncCatalog("shop", by)).toMatchObject({ outcome: "synced", changed: false });
    expect(await readSnapshotVersion()).toBe(version);
    const { Client } = (await import("pg")).default;
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      "create table orders (id int primary key); insert into orders select generate_series(1, 9); analyze orders",
    );
    expect(await syncCatalog("shop", by)).toMatchObject({ changed: true, relations: 1 });
    await client.query("insert into orders select generate_series(10, 99); analyze orders");
    await client.end();
    expect(await syncCatalog("shop", by)).toMatchObject({ changed: false });
    expect((await readStoredCatalog("shop"))?.relations[0]?.name).toBe("orders");
    expect((await loadSnapshot()).databases[0]?.catalog?.relations).toHaveLength(1);
    await expect.poll(() => seen).toHaveLength(2);
    stop();
  });

  it("keep the last catalog and say why a newer one could not be read, without the password", async () => {
    const broken = new URL(url);
    broken.password = "hunter2";
    await putDatabase({ name: "shop", url: broken.href }, by);
    const result = await syncCatalog("shop", by);
    expect(result.outcome).toBe("failed");
    const [listed] = await listDatabases();
    expect(listed?.syncError).toMatch(/password authentication failed/);
    expect(JSON.stringify(listed)).not.toContain("hunter2");
    expect((await loadSnapshot()).databases[0]?.catalog?.relations).toHaveLength(1);
  });

  it("do not open under another key, or in another row", async () => {
    await putDatabase({ name: "twin", url }, by);
    await store.asOwner(
      `update upstream_database set url_encrypted = (select url_encrypted from upstream_database where name = 'shop') where name = 'twin'`,
    );
    await expect(upstreamUrl("twin")).rejects.toMatchObject({ code: "unavailable" });
    await removeDatabase("twin", by);
    changeEnv({ COUNTERSIGN_KEY: generateKeyRing("k9") });
    await expect(loadSnapshot()).rejects.toThrow(/no key named k1/);
    changeEnv({ COUNTERSIGN_KEY: store.settings.COUNTERSIGN_KEY });
    await expect(removeDatabase("twin", by)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the broker's part of the store", () => {
  it("loads neither Prisma nor the queues", async () => {
    for (const file of [
      "snapshot",
      "approvals",
      "approval-row",
      "catalogs",
      "sync-catalog",
      "heartbeats",
      "tokens",
      "databases",
    ]) {
      const text = await readFile(new URL(`./${file}.ts`, import.meta.url), "utf8");
      expect(text, file).not.toMatch(/prisma|queues/i);
    }
  });
});

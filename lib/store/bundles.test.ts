import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { systemActor } from "./actor";
import { activateBundle, checkBundle, listBundles, readActiveBundle, readBundle, saveBundle } from "./bundles";
import { addGroup } from "./groups";
import { addPerson } from "./people";
import { loadSnapshot, readSnapshotVersion } from "./snapshot";

const by = systemActor("test");
const sessions = `@id("sessions") permit (principal, action in Action::"session", resource);`;
let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  await addGroup({ name: "agents" }, by);
  await addPerson({ email: "admin@example.com", role: "admin" }, by);
});
afterAll(() => store?.stop());

const save = (files: Record<string, string>) => saveBundle({ files, note: "test", author: "admin@example.com" }, by);
const activate = (version: number, expectedActive?: number | null) =>
  activateBundle({ version, person: "admin@example.com", expectedActive }, by);

describe("bundles", () => {
  it("are drafts until they are activated, and then what brokers decide from", async () => {
    expect(await readActiveBundle()).toBeNull();
    expect((await loadSnapshot()).bundle).toBeNull();
    const { version } = await save({ "a.cedar": sessions });
    expect(await readBundle(version)).toMatchObject({
      status: "draft",
      author: "admin@example.com",
      activatedAt: null,
    });
    expect(await activate(version)).toEqual({ outcome: "activated", version, previousVersion: null, warnings: [] });
    expect((await loadSnapshot()).bundle).toEqual({ version, files: { "a.cedar": sessions } });
    expect(await readActiveBundle()).toMatchObject({ version, activatedBy: "admin@example.com" });
  });

  it.each([
    ["a syntax error", { "a.cedar": `@id("x") permit (principal, action resource);` }],
    ["a duplicate id", { "a.cedar": sessions, "b.cedar": sessions }],
    ["a group that does not exist", { "a.cedar": `@id("x") permit (principal in Group::"nope", action, resource);` }],
  ])("with %s change nothing", async (_title, files) => {
    const before = { active: (await readActiveBundle())?.version, snapshot: await readSnapshotVersion() };
    const { version } = await save(files);
    const result = await activate(version);
    expect(result.outcome).toBe("invalid");
    expect(result.outcome === "invalid" && result.faults.some(({ severity }) => severity === "error")).toBe(true);
    expect((await checkBundle(files)).length).toBeGreaterThan(0);
    expect({ active: (await readActiveBundle())?.version, snapshot: await readSnapshotVersion() }).toEqual(before);
    expect((await readBundle(version))?.status).toBe("draft");
  });

  it("activate one at a time, for people who saw different versions in force", async () => {
    const active = (await readActiveBundle())?.version ?? null;
    const drafts = await Promise.all([1, 2, 3].map((n) => save({ "a.cedar": `${sessions} // ${n}` })));
    const results = await Promise.all(drafts.map(({ version }) => activate(version, active)));
    expect(results.filter(({ outcome }) => outcome === "activated")).toHaveLength(1);
    expect(results.filter(({ outcome }) => outcome === "stale")).toHaveLength(2);
    expect((await listBundles()).filter(({ status }) => status === "active")).toHaveLength(1);
    await expect(activate(99_999)).rejects.toMatchObject({ code: "not_found" });
  });

  it("let a retired version come back", async () => {
    const retired = (await listBundles()).find(({ status }) => status === "retired");
    expect(await activate(retired?.version ?? 0)).toMatchObject({ outcome: "activated", version: retired?.version });
  });

  it.each([
    ["no files", {}],
    ["a path that leaves the folder", { "../x.cedar": sessions }],
    ["another kind of file", { "x.sh": "" }],
    ["a NUL", { "x.cedar": "\0" }],
  ])("are refused with %s", async (_title, files) => {
    await expect(save(files)).rejects.toMatchObject({ code: "invalid" });
  });
});

import { createHmac, pbkdf2Sync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { systemActor } from "./actor";
import { addAgent, listAgents, setAgentFrozen } from "./agents";
import { addGroup, addMember, listGroups, removeMember } from "./groups";
import { addPerson, findPerson, listPeople, setPersonEnabled, setPersonRole } from "./people";
import { parsePrincipal } from "./principals";
import { createSession, findSession, revokeSession } from "./sessions";
import { signInPerson } from "./sign-in";
import { loadSnapshot, readSnapshotVersion } from "./snapshot";
import { findTokenHolder, issueToken, listTokens, revokeToken, touchToken } from "./tokens";

const by = systemActor("test");
let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  for (const name of ["security", "agents"]) await addGroup({ name }, by);
  await addPerson({ email: "Admin@Example.com", name: "Ada", role: "admin" }, by);
  await addPerson({ email: "rev@example.com", role: "reviewer", groups: ["security"] }, by);
  await addAgent({ name: "reporting-agent", owner: "rev@example.com", groups: ["agents"] }, by);
});
afterAll(() => store?.stop());

async function eventKinds(): Promise<string[]> {
  const { rows } = await store.asOwner("select leaf::jsonb ->> 'kind' as kind from audit_inbox order by id");
  return rows.map((row) => row.kind);
}

describe("people, groups and agents", () => {
  it("keep e-mails in lower case and record every change in its transaction", async () => {
    expect((await findPerson("admin@example.com"))?.email).toBe("admin@example.com");
    expect(await eventKinds()).toEqual([
      "group.added",
      "group.added",
      "person.added",
      "person.added",
      "group.memberAdded",
      "agent.added",
      "group.memberAdded",
    ]);
  });

  it("bump the snapshot once per change and not for a refused one", async () => {
    const before = BigInt(await readSnapshotVersion());
    await addGroup({ name: "fraud" }, by);
    expect(BigInt(await readSnapshotVersion())).toBe(before + 1n);
    await expect(addGroup({ name: "fraud" }, by)).rejects.toMatchObject({ code: "conflict" });
    expect(BigInt(await readSnapshotVersion())).toBe(before + 1n);
  });

  it.each([
    [
      "a group that does not exist",
      () => addPerson({ email: "x@example.com", role: "requester", groups: ["nope"] }, by),
      "invalid",
    ],
    ["a person twice", () => addPerson({ email: "REV@example.com", role: "requester" }, by), "conflict"],
    ["something that is no address", () => addPerson({ email: "rev", role: "requester" }, by), "invalid"],
    ["an agent with a capital letter", () => addAgent({ name: "Agent", owner: "rev@example.com" }, by), "invalid"],
    ["an agent without an owner", () => addAgent({ name: "stray", owner: "nobody@example.com" }, by), "invalid"],
    ["an unknown agent's freeze", () => setAgentFrozen({ name: "nobody", frozen: true }, by), "not_found"],
    ["the last admin's demotion", () => setPersonRole({ email: "admin@example.com", role: "auditor" }, by), "conflict"],
    [
      "disabling the last admin",
      () => setPersonEnabled({ email: "admin@example.com", enabled: false }, by),
      "conflict",
    ],
  ])("refuse %s and leave nothing behind", async (_title, change, code) => {
    const events = (await eventKinds()).length;
    await expect(change()).rejects.toMatchObject({ code });
    expect((await eventKinds()).length).toBe(events);
    expect((await listPeople()).length).toBe(2);
  });

  it("let members in and out", async () => {
    await addMember({ group: "fraud", principal: "agent/reporting-agent" }, by);
    await addMember({ group: "fraud", principal: "agent/reporting-agent" }, by);
    expect((await listGroups()).find(({ name }) => name === "fraud")?.agents).toEqual(["reporting-agent"]);
    await removeMember({ group: "fraud", principal: "agent/reporting-agent" }, by);
    await expect(removeMember({ group: "fraud", principal: "agent/reporting-agent" }, by)).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await listAgents())[0]?.groups).toEqual(["agents"]);
  });

  it.each([
    ["reporting-agent", "agent", "reporting-agent"],
    ["A@b.c", "person", "a@b.c"],
    ["person/A@b.c", "person", "a@b.c"],
    ["agent/x", "agent", "x"],
  ])("read the principal %s", (text, kind, name) => {
    expect(parsePrincipal(text)).toEqual({ kind, name });
  });
});

describe("tokens", () => {
  it("store only what checks the secret, and the verifier fits SCRAM-SHA-256", async () => {
    const issued = await issueToken(
      { principal: "agent/reporting-agent", ttlSeconds: 60, issuedBy: "rev@example.com" },
      by,
    );
    expect(issued.secret).toMatch(/^cst_[A-Za-z0-9_-]{43}$/);
    const dump = await store.asOwner(
      "select jsonb_agg(token)::text as rows, (select string_agg(leaf, '') from audit_inbox) as leaves from token",
    );
    expect(JSON.stringify(dump.rows)).not.toContain(issued.secret);
    const principal = (await loadSnapshot()).principals.find(({ name }) => name === "reporting-agent");
    const token = principal?.tokens.find(({ id }) => id === issued.id);
    const salted = pbkdf2Sync(issued.secret, Buffer.from(principal?.scramSalt ?? "", "base64"), 4096, 32, "sha256");
    expect(token?.serverKey).toBe(createHmac("sha256", salted).update("Server Key").digest("base64"));
    expect(token?.issuer).toBe("rev@example.com");
    expect(token?.expiresAt).toBeGreaterThan(Date.now());
    expect(principal).toMatchObject({ kind: "agent", owner: "rev@example.com", enabled: true, groups: ["agents"] });
  });

  it("name their holder for HTTP until they are revoked, expired or frozen", async () => {
    const agent = await issueToken({ principal: "reporting-agent", ttlSeconds: null, issuedBy: null }, by);
    const person = await issueToken(
      { principal: "rev@example.com", ttlSeconds: 3600, issuedBy: "rev@example.com" },
      by,
    );
    const short = await issueToken({ principal: "rev@example.com", ttlSeconds: 0, issuedBy: null }, by);
    expect(await findTokenHolder(person.secret)).toMatchObject({
      principal: "person/rev@example.com",
      role: "reviewer",
    });
    expect(await findTokenHolder(agent.secret)).toMatchObject({ principal: "agent/reporting-agent", role: null });
    expect(await findTokenHolder(short.secret)).toBeNull();
    expect(await findTokenHolder("cst_wrong")).toBeNull();
    await setAgentFrozen({ name: "reporting-agent", frozen: true, reason: "odd reads" }, by);
    expect(await findTokenHolder(agent.secret)).toBeNull();
    expect((await loadSnapshot()).principals.find(({ name }) => name === "reporting-agent")?.enabled).toBe(false);
    await setAgentFrozen({ name: "reporting-agent", frozen: false }, by);
    await touchToken(person.id);
    await revokeToken({ id: person.id, reason: "lost" }, by);
    expect(await findTokenHolder(person.secret)).toBeNull();
    await expect(revokeToken({ id: person.id }, by)).rejects.toMatchObject({ code: "not_found" });
    await expect(revokeToken({ id: "x" }, by)).rejects.toMatchObject({ code: "not_found" });
    const listed = await listTokens("person/rev@example.com");
    expect(listed.map(({ hint }) => hint.length)).toEqual([4, 4]);
  });

  it("stop at sixteen live ones per principal, also when asked for at once", async () => {
    await addAgent({ name: "busy", owner: "rev@example.com" }, by);
    const issue = () => issueToken({ principal: "busy", ttlSeconds: null, issuedBy: null }, by);
    const results = await Promise.allSettled(Array.from({ length: 20 }, issue));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(16);
    const busy = (await loadSnapshot()).principals.find(({ name }) => name === "busy");
    expect(busy?.tokens).toHaveLength(16);
  });
});

describe("sign-in", () => {
  const identity = {
    issuer: "https://id.example",
    subject: "s1",
    email: "rev@example.com",
    emailVerified: true,
    name: "Rev",
  };
  const strict = { autoProvision: false };

  it("binds a known person once, and afterwards only issuer and subject count", async () => {
    expect(await signInPerson({ ...identity, emailVerified: false }, strict)).toEqual({
      outcome: "refused",
      cause: "unverified-email",
    });
    expect(await signInPerson(identity, strict)).toMatchObject({ outcome: "signed-in", first: true });
    expect(await signInPerson({ ...identity, email: "new@example.com" }, strict)).toMatchObject({
      outcome: "signed-in",
      first: false,
      person: { email: "rev@example.com" },
    });
    expect(await signInPerson({ ...identity, subject: "s2" }, strict)).toEqual({
      outcome: "refused",
      cause: "other-identity",
    });
  });

  it("refuses unknown people unless they may join as requesters", async () => {
    const stranger = { ...identity, subject: "s9", email: "New@Example.com" };
    expect(await signInPerson(stranger, strict)).toEqual({ outcome: "refused", cause: "unknown-person" });
    expect(await signInPerson({ ...stranger, email: null }, strict)).toEqual({ outcome: "refused", cause: "no-email" });
    expect(await signInPerson(stranger, { autoProvision: true })).toMatchObject({
      outcome: "signed-in",
      person: { email: "new@example.com", role: "requester" },
    });
  });

  it("gives sessions that end with sign-out and when the person is disabled", async () => {
    const person = await findPerson("rev@example.com");
    const first = await createSession({ personId: person?.id ?? "", ttlSeconds: 60 });
    const second = await createSession({ personId: person?.id ?? "", ttlSeconds: 60 });
    expect(await findSession(first.token)).toMatchObject({
      person: { email: "rev@example.com", groups: ["security"] },
    });
    await revokeSession(first.token);
    expect(await findSession(first.token)).toBeNull();
    await setPersonEnabled({ email: "rev@example.com", enabled: false }, by);
    expect(await findSession(second.token)).toBeNull();
    expect(await signInPerson(identity, strict)).toEqual({ outcome: "refused", cause: "disabled" });
    const agent = (await loadSnapshot()).principals.find(({ name }) => name === "reporting-agent");
    expect(agent?.enabled).toBe(false);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { approvalRequest, holdTerms } from "@/e2e/fixtures/approval-request";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import type { ApprovalRequest } from "@/lib/approval/types";
import { subscribe } from "@/lib/bus";
import { systemActor } from "./actor";
import { countPendingApprovals, getApproval, listApprovals } from "./approval-list";
import {
  openApproval,
  readApprovalState,
  recordOutcome,
  supersedeApproval,
  useApproval,
  withdrawApproval,
} from "./approvals";
import { expireDue } from "./expire-approvals";
import { addGroup } from "./groups";
import { addPerson } from "./people";
import { reviewApproval, reviewPermission } from "./review-approval";

const by = systemActor("test");
let store: TestStore;
let serial = 0;

/** A request unlike any other of this file. */
function request(changes: Partial<ApprovalRequest> = {}): ApprovalRequest {
  serial += 1;
  return approvalRequest({ statement: `DELETE FROM orders WHERE id = ${serial} AND note = 'hunter2'`, ...changes });
}

const approve = (approvalId: number, email = "sec@example.com") =>
  reviewApproval({ approvalId, email, vote: "approve", reason: "", channel: "console" });
const deny = (approvalId: number, email = "sec@example.com") =>
  reviewApproval({ approvalId, email, vote: "deny", reason: "not now", channel: "console" });

function useOf(id: number, { principal, database, bindingHash, sessionId, entryId }: ApprovalRequest) {
  return useApproval({ id, principal, database, bindingHash, brokerId: "test", sessionId, entryId });
}

async function kindsOf(id: number): Promise<string[]> {
  const { rows } = await store.asOwner(
    "select leaf::jsonb ->> 'kind' as kind from audit_inbox where (leaf::jsonb ->> 'approvalId')::int = $1 order by id",
    [id],
  );
  return rows.map((row) => row.kind);
}

beforeAll(async () => {
  store = await testStore();
  for (const name of ["security", "data-owners"]) await addGroup({ name }, by);
  await addPerson({ email: "sec@example.com", role: "reviewer", groups: ["security"] }, by);
  await addPerson({ email: "sec2@example.com", role: "requester", groups: ["security"] }, by);
  await addPerson({ email: "data@example.com", role: "reviewer", groups: ["data-owners"] }, by);
  await addPerson({ email: "owner@example.com", role: "admin", groups: ["security", "data-owners"] }, by);
});
afterAll(() => store?.stop());

describe("opening a request", () => {
  it("joins identical calls, also when they arrive at the same instant", async () => {
    const wanted = request();
    const opened = await Promise.all(Array.from({ length: 6 }, () => openApproval(wanted)));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(opened.filter(({ joined }) => !joined)).toHaveLength(1);
    expect(await kindsOf(opened[0]?.id ?? 0)).toEqual(["approval.opened"]);
  });

  it.each([
    ["another text", { statement: "DELETE FROM orders WHERE id = -1" }],
    ["another principal", { principal: "agent/other" }],
    ["another database", { database: "other" }],
    ["other parameters", { parameters: [{ type: 23, format: 0 as const, value: "Nw==" }] }],
    ["another token issuer", { tokenIssuer: "sec@example.com" }],
    ["another claimed person", { onBehalfOf: "sec@example.com" }],
  ])("does not join %s", async (_title, changes) => {
    const wanted = request();
    const first = await openApproval(wanted);
    const second = await openApproval({ ...wanted, ...changes });
    expect(second).toMatchObject({ joined: false, status: "pending" });
    expect(second.id).not.toBe(first.id);
  });

  it.each([
    ["the definition or the masks changed", { bindingHash: "c".repeat(64) }],
    ["another policy holds it", { policies: ["other"] }],
    ["the terms changed", { terms: { ...holdTerms, quorum: [{ group: "security", count: 2 }] } }],
  ])("supersedes the earlier request where %s", async (_title, changes) => {
    const wanted = request();
    const first = await openApproval(wanted);
    const second = await openApproval({ ...wanted, ...changes });
    expect(second.joined).toBe(false);
    expect(await readApprovalState(first.id)).toMatchObject({ status: "superseded", use: null });
    expect(await kindsOf(first.id)).toEqual(["approval.opened", "approval.superseded"]);
  });

  it("keeps literals out of the log and out of nothing that a reviewer sees", async () => {
    const { id } = await openApproval(request());
    const { rows } = await store.asOwner("select string_agg(leaf, '') as leaves from audit_inbox");
    expect(rows[0].leaves).not.toContain("hunter2");
    expect((await getApproval(id))?.statement).toContain("hunter2");
  });
});

describe("reviewing", () => {
  it("approves with the quorum, once, and tells the broker at once", async () => {
    const nudged: number[] = [];
    const stop = await subscribe("approval", ({ id }) => nudged.push(id));
    const wanted = request();
    const { id } = await openApproval(wanted);
    expect(await approve(id)).toEqual({ outcome: "recorded", status: "approved", missing: [] });
    expect(await approve(id, "sec2@example.com")).toMatchObject({ outcome: "refused", code: "ended" });
    expect(await readApprovalState(id)).toMatchObject({
      status: "approved",
      use: "unused",
      reviewers: ["sec@example.com"],
    });
    expect(await openApproval(wanted)).toMatchObject({ id, joined: true, status: "approved" });
    await expect.poll(() => nudged.filter((each) => each === id).length).toBe(2);
    stop();
  });

  it.each([
    ["the owner of the agent, admin or not", {}, "owner@example.com", "own"],
    ["who asks", { principal: "person/sec@example.com", owner: null }, "sec@example.com", "own"],
    ["who issued the token", { tokenIssuer: "sec@example.com" }, "sec@example.com", "own"],
    ["whom it claims to act for", { onBehalfOf: "sec@example.com" }, "sec@example.com", "own"],
    ["people of other groups", {}, "data@example.com", "notInGroup"],
  ])("refuses %s", async (_title, changes, email, code) => {
    const { id } = await openApproval(request(changes));
    expect(await reviewPermission({ approvalId: id, email })).toMatchObject({ ok: false, code });
    expect(await approve(id, email)).toMatchObject({ outcome: "refused", code });
    expect(await readApprovalState(id)).toMatchObject({ status: "pending" });
    expect(await kindsOf(id)).toEqual(["approval.opened"]);
  });

  it("waits for the second person and counts nobody twice", async () => {
    const terms = { ...holdTerms, also: ["data-owners"] };
    const { id } = await openApproval(request({ terms }));
    expect(await approve(id)).toEqual({
      outcome: "recorded",
      status: "pending",
      missing: [{ group: "data-owners", need: 1 }],
    });
    expect(await approve(id)).toMatchObject({ outcome: "refused", code: "alreadyReviewed" });
    expect(await approve(id, "data@example.com")).toMatchObject({ status: "approved" });
    expect(await kindsOf(id)).toEqual([
      "approval.opened",
      "approval.reviewed",
      "approval.reviewed",
      "approval.approved",
    ]);
  });

  it("lets two reviewers who decide at the same instant reach one decision", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await openApproval(request());
      const results = await Promise.all([approve(id), deny(id, "sec2@example.com")]);
      expect(results.filter(({ outcome }) => outcome === "recorded")).toHaveLength(1);
      const kinds = await kindsOf(id);
      expect(kinds.filter((kind) => kind === "approval.approved" || kind === "approval.denied")).toHaveLength(1);
    }
    const { id } = await openApproval(request({ terms: { ...holdTerms, quorum: [{ group: "security", count: 2 }] } }));
    await Promise.all([approve(id), approve(id, "sec2@example.com")]);
    expect(await readApprovalState(id)).toMatchObject({ status: "approved" });
  });

  it("ends with one denial, which needs a reason", async () => {
    const { id } = await openApproval(request());
    await expect(
      reviewApproval({ approvalId: id, email: "sec@example.com", vote: "deny", reason: " ", channel: "console" }),
    ).rejects.toMatchObject({ code: "invalid" });
    expect(await deny(id)).toMatchObject({ status: "denied" });
    expect(await readApprovalState(id)).toMatchObject({
      status: "denied",
      endReason: "not now",
      reviewers: ["sec@example.com"],
    });
  });

  it("takes an approval by mail only where the policy allows it, and a denial always", async () => {
    const terms = { ...holdTerms, channels: ["console" as const] };
    const { id } = await openApproval(request({ terms }));
    const vote = { approvalId: id, email: "sec@example.com", reason: "x", channel: "email" as const };
    expect(await reviewApproval({ ...vote, vote: "approve" })).toMatchObject({ outcome: "refused", code: "channel" });
    expect(await reviewApproval({ ...vote, vote: "deny" })).toMatchObject({ status: "denied" });
  });

  it("knows neither unknown requests nor unknown people", async () => {
    await expect(approve(999_999)).rejects.toMatchObject({ code: "not_found" });
    const { id } = await openApproval(request());
    await expect(approve(id, "nobody@example.com")).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("using an approval", () => {
  it("happens once, however many brokers try at the same instant", async () => {
    const wanted = request();
    const { id } = await openApproval(wanted);
    expect(await useOf(id, wanted)).toBe(false);
    await approve(id);
    const results = await Promise.all(Array.from({ length: 8 }, () => useOf(id, wanted)));
    expect(results.filter(Boolean)).toHaveLength(1);
    await recordOutcome(id, { outcome: "ok", sqlstate: null, rows: 1, durationMs: 3.5 });
    expect(await getApproval(id)).toMatchObject({ use: "used", outcome: { outcome: "ok", rows: 1 } });
    expect((await kindsOf(id)).filter((kind) => kind === "approval.used")).toHaveLength(1);
    expect(await openApproval(wanted)).toMatchObject({ joined: false, status: "pending" });
  });

  it.each([
    ["another principal", { principal: "agent/other" }],
    ["another database", { database: "other" }],
    ["another definition", { bindingHash: "d".repeat(64) }],
  ])("is refused to %s", async (_title, changes) => {
    const wanted = request();
    const { id } = await openApproval(wanted);
    await approve(id);
    expect(await useOf(id, { ...wanted, ...changes })).toBe(false);
    expect(await useOf(id, wanted)).toBe(true);
  });

  it("may be repeated while it lasts, for the same shape", async () => {
    const terms = { ...holdTerms, lasts: 600 };
    const first = approvalRequest({ terms, statement: "DELETE FROM carts WHERE id = 1" });
    const second = approvalRequest({ terms, statement: "DELETE FROM carts WHERE id = 2" });
    const { id } = await openApproval(first);
    await approve(id);
    expect(await openApproval(second)).toMatchObject({ id, joined: true, status: "approved" });
    expect([await useOf(id, first), await useOf(id, second)]).toEqual([true, true]);
    await store.asOwner("update approval set lapses_at = now() - interval '1 second' where id = $1", [id]);
    expect(await useOf(id, second)).toBe(false);
    expect(await openApproval(second)).toMatchObject({ joined: false });
  });
});

describe("ending", () => {
  it("by the client or by a change happens once and says why", async () => {
    const { id } = await openApproval(request());
    expect(await withdrawApproval(id, "the client hung up")).toBe(true);
    expect(await withdrawApproval(id, "again")).toBe(false);
    expect(await supersedeApproval(id, "again")).toBe(false);
    expect(await readApprovalState(id)).toMatchObject({ status: "withdrawn", endReason: "the client hung up" });
    expect(await approve(id)).toMatchObject({ outcome: "refused", code: "ended" });
  });

  it("supersedes an approval that was not used, and not one that was", async () => {
    const [first, second] = [request(), request()];
    const opened = [await openApproval(first), await openApproval(second)];
    for (const { id } of opened) await approve(id);
    expect(await supersedeApproval(opened[0]?.id ?? 0, "a new hold")).toBe(true);
    expect(await useOf(opened[0]?.id ?? 0, first)).toBe(false);
    expect(await useOf(opened[1]?.id ?? 0, second)).toBe(true);
    expect(await supersedeApproval(opened[1]?.id ?? 0, "a new hold")).toBe(false);
  });

  it("by the clock is true before any sweep, and the sweep writes it down once", async () => {
    const [pending, unused] = [await openApproval(request()), await openApproval(request())];
    await approve(unused.id);
    await store.asOwner(
      "update approval set created_at = now() - interval '1 hour', expires_at = now() - interval '1 second' where id = $1",
      [pending.id],
    );
    await store.asOwner("update approval set lapses_at = now() - interval '1 second' where id = $1", [unused.id]);
    expect(await readApprovalState(pending.id)).toMatchObject({ status: "expired" });
    expect(await readApprovalState(unused.id)).toMatchObject({ status: "approved", use: "lapsed" });
    expect(await getApproval(unused.id)).toMatchObject({ use: "lapsed" });
    expect(await approve(pending.id)).toMatchObject({ outcome: "refused", code: "ended" });
    const counts = await Promise.all([expireDue(), expireDue()]);
    expect(counts.reduce((sum, { expired }) => sum + expired, 0)).toBe(1);
    expect(counts.reduce((sum, { lapsed }) => sum + lapsed, 0)).toBe(1);
    expect((await kindsOf(pending.id)).at(-1)).toBe("approval.expired");
    expect((await kindsOf(unused.id)).at(-1)).toBe("approval.lapsed");
  });
});

describe("listing", () => {
  it("filters by effective status, principal, database and reviewer group, newest first, in pages", async () => {
    const terms = { ...holdTerms, also: ["data-owners"], severity: "high" as const };
    const { id } = await openApproval(request({ principal: "agent/lister", database: "lists", terms }));
    const second = await openApproval(request({ principal: "agent/lister", database: "lists" }));
    const ids = async (filter: Parameters<typeof listApprovals>[0]) =>
      (await listApprovals(filter)).map((row) => row.id);
    expect(await ids({ principal: "agent/lister" })).toEqual([second.id, id]);
    expect(await ids({ database: "lists", groups: ["data-owners"] })).toEqual([id]);
    expect(await ids({ database: "lists", groups: ["security"] })).toEqual([second.id, id]);
    expect(await ids({ database: "lists", before: second.id })).toEqual([id]);
    expect(await ids({ database: "lists", limit: 1 })).toEqual([second.id]);
    expect((await countPendingApprovals()).high).toBe(1);
    await store.asOwner(
      "update approval set created_at = now() - interval '1 hour', expires_at = now() - interval '1 second' where id = $1",
      [id],
    );
    expect(await ids({ database: "lists", status: ["expired"] })).toEqual([id]);
    expect(await ids({ database: "lists", status: ["pending", "approved"] })).toEqual([second.id]);
    expect((await countPendingApprovals()).high).toBe(0);
    expect(await getApproval(999_999)).toBeNull();
  });
});

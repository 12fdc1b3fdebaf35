import { describe, expect, it } from "vitest";
import { excludedFromReview } from "./excluded";
import { mayReview } from "./may-review";

const now = new Date("2026-01-01T12:00:00Z");
const later = new Date("2026-01-01T12:30:00Z");
const request = {
  status: "pending" as const,
  use: null,
  expiresAt: later,
  lapsesAt: null,
  terms: { quorum: [{ group: "security", count: 1 }], also: ["data-owners"] },
};
const reviewer = { kind: "person" as const, email: "Rae@example.com", groups: ["security", "analysts"] };
const about = { reviewer, request, excluded: [], reviewed: [], now };

describe("mayReview", () => {
  it("lets a member of an asked group review, and says in which groups", () => {
    expect(mayReview(about)).toEqual({ ok: true, groups: ["security"] });
    const both = { ...reviewer, groups: ["data-owners", "security"] };
    expect(mayReview({ ...about, reviewer: both })).toEqual({ ok: true, groups: ["security", "data-owners"] });
  });

  it.each([
    ["an agent", { reviewer: { ...reviewer, kind: "agent" as const } }, "agent"],
    ["somebody outside the groups", { reviewer: { ...reviewer, groups: ["analysts"] } }, "notInGroup"],
    ["the requester", { excluded: ["rae@example.com"] }, "own"],
    ["the requester in capitals", { excluded: ["RAE@EXAMPLE.COM"] }, "own"],
    ["somebody who has reviewed", { reviewed: ["rae@example.com"] }, "alreadyReviewed"],
    ["a request that was denied", { request: { ...request, status: "denied" as const } }, "ended"],
    ["a request whose time is over", { now: later }, "ended"],
  ])("refuses %s", (_, over, code) => {
    expect(mayReview({ ...about, ...over })).toMatchObject({ ok: false, code });
  });

  it("says how a request ended", () => {
    expect(mayReview({ ...about, now: later })).toMatchObject({ reason: "the request is expired" });
  });
});

describe("excludedFromReview", () => {
  const none = { owner: null, onBehalfOf: null, tokenIssuer: null };

  it.each([
    ["the person who asks", { ...none, principal: "person/Ann@x.com" }, ["ann@x.com"]],
    ["the owner of the agent", { ...none, principal: "agent/robot", owner: "own@x.com" }, ["own@x.com"]],
    ["whom it claims to act for", { ...none, principal: "agent/robot", onBehalfOf: "Bob@x.com" }, ["bob@x.com"]],
    ["who issued the token", { ...none, principal: "agent/robot", tokenIssuer: "iss@x.com" }, ["iss@x.com"]],
    ["each once", { principal: "person/a@x", owner: "A@x", onBehalfOf: "", tokenIssuer: "a@X" }, ["a@x"]],
    ["nobody for an agent of nobody", { ...none, principal: "agent/robot" }, []],
  ])("names %s", (_, asked, emails) => {
    expect(excludedFromReview(asked)).toEqual(emails);
  });
});

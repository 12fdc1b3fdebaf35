import { describe, expect, it } from "vitest";
import type { Role } from "./permissions";
import { mayIssueToken, maySeeToken } from "./token-rule";

const me = "me@example.com";
const other = "other@example.com";

describe("tokens", () => {
  it.each<[role: Role, kind: "person" | "agent", owner: string, issue: boolean, see: boolean]>([
    ["admin", "person", me, true, true],
    ["admin", "person", other, false, true],
    ["admin", "agent", other, true, true],
    ["reviewer", "person", me, true, true],
    ["reviewer", "person", other, false, false],
    ["reviewer", "agent", me, true, true],
    ["reviewer", "agent", other, false, false],
    ["requester", "agent", me, true, true],
    ["requester", "person", other, false, false],
    ["auditor", "person", me, false, false],
    ["auditor", "agent", other, false, false],
  ])("as %s, of a %s of %s: may be issued %s, seen %s", (role, kind, owner, issue, see) => {
    const question = { viewer: { email: me, role }, principal: { kind, owner } };
    expect([mayIssueToken(question), maySeeToken(question)]).toEqual([issue, see]);
  });
});

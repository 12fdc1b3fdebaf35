import { describe, expect, it } from "vitest";
import { can, parseRole, permissions, permissionsOf, roles, rolesWith } from "./permissions";

const writes = permissions.filter((permission) => !/\.(read|export|build)$/.test(permission));

describe("can", () => {
  it("lets an admin do everything that a role can do", () => {
    expect(permissionsOf("admin")).toEqual(permissions);
  });

  it("lets an auditor read and export, and change nothing", () => {
    for (const permission of writes) expect(can("auditor", permission), permission).toBe(false);
    expect(permissionsOf("auditor")).toEqual(
      expect.arrayContaining(["feed.read", "audit.read", "audit.export", "evidence.read", "evidence.build"]),
    );
  });

  it("lets a requester see and do what is their own kind of thing", () => {
    expect(permissionsOf("requester")).toEqual([
      "overview.read",
      "approval.read",
      "approval.request",
      "approval.withdraw",
      "approval.review",
      "token.read",
      "token.issue",
      "token.revoke",
    ]);
  });

  it("keeps policies, masking, databases, identities and settings to admins", () => {
    const own = writes.filter((permission) => /^(policy|masking|database|identity|settings)\./.test(permission));
    expect(own.length).toBeGreaterThan(5);
    for (const permission of own) expect(rolesWith(permission), permission).toEqual(["admin"]);
  });

  it("gives every permission to some role", () => {
    for (const permission of permissions) expect(rolesWith(permission).length, permission).toBeGreaterThan(0);
  });
});

describe("parseRole", () => {
  it.each([...roles])("reads %s", (role) => {
    expect(parseRole(role)).toBe(role);
  });

  it.each(["owner", "", "Admin"])("knows no %s", (text) => {
    expect(parseRole(text)).toBeNull();
  });
});

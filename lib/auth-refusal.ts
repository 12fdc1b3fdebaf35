import { can, type Permission, roles } from "@/lib/access/permissions";

/** Why a role may not do something, which role may, and how to get it. */
export function refusalOf(permission: Permission, role: string): string {
  const able = roles.filter((each) => can(each, permission));
  const needed = able.length > 1 ? `${able.slice(0, -1).join(", ")} or ${able.at(-1)}` : able[0];
  return `this needs the role ${needed}, and yours is ${role}; an admin can change that under Identities`;
}

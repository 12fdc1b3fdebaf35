export const roles = ["admin", "reviewer", "auditor", "requester"] as const;
export type Role = (typeof roles)[number];

/**
 * The one table of what a role may do in the console, over HTTP and on the command line.
 *
 * It says what kind of thing may be touched, not which: requesters see only what they asked for, and a
 * review needs membership of the reviewing group and somebody else's request whatever the role. Those
 * object rules are the caller's (`mayReview`, owner filters in the store).
 */
const rolesByPermission = {
  "overview.read": ["admin", "reviewer", "auditor", "requester"],
  "feed.read": ["admin", "reviewer", "auditor"],
  "approval.read": ["admin", "reviewer", "auditor", "requester"],
  "approval.request": ["admin", "reviewer", "requester"],
  "approval.withdraw": ["admin", "reviewer", "requester"],
  "approval.review": ["admin", "reviewer", "requester"],
  "approval.revoke": ["admin", "reviewer"],
  "policy.read": ["admin", "reviewer", "auditor"],
  "policy.write": ["admin"],
  "policy.activate": ["admin"],
  "masking.read": ["admin", "reviewer", "auditor"],
  "masking.write": ["admin"],
  "database.read": ["admin", "reviewer", "auditor"],
  "database.write": ["admin"],
  "identity.read": ["admin", "reviewer", "auditor"],
  "identity.write": ["admin"],
  "token.read": ["admin", "reviewer", "requester"],
  "token.issue": ["admin", "reviewer", "requester"],
  "token.revoke": ["admin", "reviewer", "requester"],
  "audit.read": ["admin", "reviewer", "auditor"],
  "audit.export": ["admin", "auditor"],
  "evidence.read": ["admin", "auditor"],
  "evidence.build": ["admin", "auditor"],
  "delivery.read": ["admin", "reviewer", "auditor"],
  "settings.read": ["admin"],
  "settings.write": ["admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof rolesByPermission;

export const permissions = Object.keys(rolesByPermission) as Permission[];

/** Whether the role may do this kind of thing at all. */
export function can(role: Role, permission: Permission): boolean {
  return rolesWith(permission).includes(role);
}

/** The roles that may do it. */
export function rolesWith(permission: Permission): readonly Role[] {
  return rolesByPermission[permission];
}

/** Everything that the role may do. */
export function permissionsOf(role: Role): Permission[] {
  return permissions.filter((permission) => can(role, permission));
}

/** A role as it stands in the store or a form; null when it is none. */
export function parseRole(text: string): Role | null {
  return roles.find((role) => role === text) ?? null;
}

import { can, type Role } from "./permissions";

/** Who asks, and whose token it is: `owner` is the e-mail of an agent's owner, or of the person themselves. */
export type TokenQuestion = {
  viewer: { email: string; role: Role };
  principal: { kind: "person" | "agent"; owner: string };
};

/**
 * Whether the viewer may make a token. A person's token acts as that person, reviews included, so nobody makes one for
 * somebody else; an agent's is made by its owner or an admin.
 */
export function mayIssueToken({ viewer, principal }: TokenQuestion): boolean {
  if (!can(viewer.role, "token.issue")) return false;
  if (viewer.email === principal.owner) return true;
  return principal.kind === "agent" && viewer.role === "admin";
}

/** Admins see and revoke everybody's tokens, others their own and those of the agents they own. */
export function maySeeToken({ viewer, principal }: TokenQuestion): boolean {
  return can(viewer.role, "token.read") && (viewer.role === "admin" || viewer.email === principal.owner);
}

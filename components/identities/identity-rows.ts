import type { Role } from "@/lib/access/permissions";

/** What a principal asked in the last 24 hours. */
export type ActivityRow = { allow: number; hold: number; deny: number; lastAt: string | null };

/** Times are ISO 8601. */
export type PersonRow = {
  email: string;
  name: string;
  role: Role;
  groups: string[];
  agents: string[];
  /** has signed in at least once */
  bound: boolean;
  disabledAt: string | null;
  createdAt: string;
  activity: ActivityRow | null;
};

export type AgentRow = {
  name: string;
  /** e-mail */
  owner: string;
  ownerEnabled: boolean;
  groups: string[];
  frozenAt: string | null;
  expiresAt: string | null;
  createdAt: string;
  /** live ones; null where the viewer may not see them */
  tokens: number | null;
  activity: ActivityRow | null;
};

export type GroupRow = {
  name: string;
  source: "local" | "idp";
  people: string[];
  agents: string[];
  createdAt: string;
};

export type TokenRow = {
  id: string;
  principal: string;
  /** its last four characters */
  hint: string;
  issuedBy: string | null;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
};

export type Identities = { people: PersonRow[]; agents: AgentRow[]; groups: GroupRow[] };

export type AgentState = "active" | "frozen" | "expired" | "stopped";

/** `stopped`: its owner is disabled, and nobody answers for it. */
export function agentState(agent: AgentRow, now: number): AgentState {
  if (agent.frozenAt !== null) return "frozen";
  if (!agent.ownerEnabled) return "stopped";
  return agent.expiresAt !== null && Date.parse(agent.expiresAt) <= now ? "expired" : "active";
}

export type TokenState = "live" | "revoked" | "expired";

export function tokenState(token: TokenRow, now: number): TokenState {
  if (token.revokedAt !== null) return "revoked";
  return token.expiresAt !== null && Date.parse(token.expiresAt) <= now ? "expired" : "live";
}

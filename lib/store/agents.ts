import { randomBytes } from "node:crypto";

import { db, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";
import { insertMemberships } from "./groups";
import { parseEmail, scramSaltBytes } from "./people";
import { bumpSnapshot } from "./snapshot";

export type AgentSummary = {
  id: string;
  name: string;
  /** e-mail */
  owner: string;
  groups: string[];
  frozenAt: Date | null;
  expiresAt: Date | null;
  createdAt: Date;
};

const namePattern = /^[a-z][a-z0-9-]{0,62}$/;

export type NewAgent = { name: string; owner: string; groups?: string[]; expiresAt?: Date | null };

/** @throws AppError "invalid" (name, unknown group or owner), "conflict" where the agent exists */
export async function addAgent(agent: NewAgent, by: Actor): Promise<{ id: string }> {
  if (!namePattern.test(agent.name)) {
    throw new AppError(
      "invalid",
      "an agent's name is lower-case letters, digits and hyphens, at most 63, letter first",
    );
  }
  const owner = parseEmail(agent.owner);
  return withTransaction(async (tx) => {
    const people = await tx.query<{ id: string }>("select id from person where email = $1 and disabled_at is null", [
      owner,
    ]);
    const ownerRow = people.rows[0];
    if (ownerRow === undefined) throw new AppError("invalid", `there is no person with the address ${owner} to own it`);
    const { rows } = await tx.query<{ id: string }>(
      `insert into agent (name, owner_id, scram_salt, expires_at) values ($1, $2, $3, $4)
       on conflict (name) do nothing returning id`,
      [agent.name, ownerRow.id, randomBytes(scramSaltBytes), agent.expiresAt ?? null],
    );
    const row = rows[0];
    if (row === undefined) throw new AppError("conflict", `there is an agent named ${agent.name} already`);
    const expires = agent.expiresAt ? { expiresAt: agent.expiresAt.toISOString() } : {};
    await appendAudit(tx, { kind: "agent.added", ...by, agent: agent.name, owner, ...expires });
    await insertMemberships(tx, { principal: `agent/${agent.name}`, groups: agent.groups ?? [] }, by);
    await bumpSnapshot(tx);
    return { id: row.id };
  });
}

/** A frozen agent's sessions end within a second or two and it cannot log in. @throws AppError("not_found") */
export async function setAgentFrozen(
  change: { name: string; frozen: boolean; reason?: string },
  by: Actor,
): Promise<void> {
  await withTransaction(async (tx) => {
    const { rowCount } = await tx.query(
      change.frozen
        ? "update agent set frozen_at = now() where name = $1 and frozen_at is null"
        : "update agent set frozen_at = null where name = $1 and frozen_at is not null",
      [change.name],
    );
    if (rowCount === 0) {
      const known = await tx.query("select 1 from agent where name = $1", [change.name]);
      if (known.rowCount === 0) throw new AppError("not_found", `there is no agent named ${change.name}`);
      return;
    }
    const reason = change.reason ? { reason: change.reason } : {};
    if (change.frozen) await appendAudit(tx, { kind: "agent.frozen", ...by, agent: change.name, ...reason });
    else await appendAudit(tx, { kind: "agent.unfrozen", ...by, agent: change.name });
    await bumpSnapshot(tx);
  });
}

export async function listAgents(): Promise<AgentSummary[]> {
  const { rows } = await db().query<AgentSummary>(
    `select a.id, a.name, p.email as owner, a.frozen_at as "frozenAt", a.expires_at as "expiresAt",
       a.created_at as "createdAt",
       array(select g.name from group_member m join principal_group g on g.id = m.group_id
             where m.agent_id = a.id order by g.name) as groups
     from agent a join person p on p.id = a.owner_id order by a.name`,
  );
  return rows;
}

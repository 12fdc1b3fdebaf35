import { db, type Transaction, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";
import { groupIdsOf } from "./group-names";
import { lockPrincipal, principalText } from "./principals";
import { bumpSnapshot } from "./snapshot";

export type GroupSummary = {
  name: string;
  source: "local" | "idp";
  people: string[];
  agents: string[];
  createdAt: Date;
};

const namePattern = /^[^\p{Cc}",]{1,255}$/u;

/** @throws AppError "invalid" for a malformed name, "conflict" where the group exists */
export async function addGroup(group: { name: string; source?: "local" | "idp" }, by: Actor): Promise<void> {
  const { name, source = "local" } = group;
  if (!namePattern.test(name))
    throw new AppError("invalid", "a group's name has 1 to 255 characters, without commas and quotes");
  await withTransaction(async (tx) => {
    const { rowCount } = await tx.query(
      "insert into principal_group (name, source) values ($1, $2) on conflict (name) do nothing",
      [name, source],
    );
    if (rowCount === 0) throw new AppError("conflict", `there is a group named ${name} already`);
    await appendAudit(tx, { kind: "group.added", ...by, group: name, source });
    await bumpSnapshot(tx);
  });
}

/** Removes a group with its memberships and its upstream roles. @throws AppError("not_found") */
export async function removeGroup(name: string, by: Actor): Promise<void> {
  await withTransaction(async (tx) => {
    const { rowCount } = await tx.query("delete from principal_group where name = $1", [name]);
    if (rowCount === 0) throw new AppError("not_found", `there is no group named ${name}`);
    await appendAudit(tx, { kind: "group.removed", ...by, group: name });
    await bumpSnapshot(tx);
  });
}

/** @param change principal as `agent/NAME` or `person/EMAIL`. Being a member already is no error. */
export async function addMember(change: { group: string; principal: string }, by: Actor): Promise<void> {
  await withTransaction(async (tx) => {
    await insertMemberships(tx, { principal: change.principal, groups: [change.group] }, by);
    await bumpSnapshot(tx);
  });
}

/** @throws AppError("not_found") where the principal is no member */
export async function removeMember(change: { group: string; principal: string }, by: Actor): Promise<void> {
  await withTransaction(async (tx) => {
    const principal = await lockPrincipal(tx, change.principal);
    const { rowCount } = await tx.query(
      `delete from group_member m using principal_group g
       where g.id = m.group_id and g.name = $1 and $2 in (m.person_id, m.agent_id)`,
      [change.group, principal.id],
    );
    const member = principalText(principal);
    if (rowCount === 0) throw new AppError("not_found", `${member} is not in the group ${change.group}`);
    await appendAudit(tx, { kind: "group.memberRemoved", ...by, group: change.group, member });
    await bumpSnapshot(tx);
  });
}

/** Puts a principal into groups, inside the caller's transaction, which bumps the snapshot. */
export async function insertMemberships(
  tx: Transaction,
  { principal, groups }: { principal: string; groups: string[] },
  by: Actor,
): Promise<void> {
  const ids = await groupIdsOf(tx, groups);
  const row = await lockPrincipal(tx, principal);
  for (const [group, id] of ids) {
    const { rowCount } = await tx.query(
      `insert into group_member (group_id, ${row.kind}_id) values ($1, $2) on conflict do nothing`,
      [id, row.id],
    );
    if (rowCount !== 0) {
      await appendAudit(tx, { kind: "group.memberAdded", ...by, group, member: principalText(row) });
    }
  }
}

export async function listGroups(): Promise<GroupSummary[]> {
  const { rows } = await db().query<GroupSummary>(
    `select g.name, g.source, g.created_at as "createdAt",
       coalesce(array_agg(p.email order by p.email) filter (where p.id is not null), '{}') as people,
       coalesce(array_agg(a.name order by a.name) filter (where a.id is not null), '{}') as agents
     from principal_group g left join group_member m on m.group_id = g.id
       left join person p on p.id = m.person_id left join agent a on a.id = m.agent_id
     group by g.id order by g.name`,
  );
  return rows;
}

import { randomBytes } from "node:crypto";

import { db, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";
import { insertMemberships } from "./groups";
import { bumpSnapshot } from "./snapshot";

export const scramSaltBytes = 16;

export const personRoles = ["admin", "reviewer", "auditor", "requester"] as const;
export type PersonRole = (typeof personRoles)[number];

export type PersonSummary = {
  id: string;
  email: string;
  name: string;
  role: PersonRole;
  groups: string[];
  agents: string[];
  /** has signed in at least once */
  bound: boolean;
  disabledAt: Date | null;
  createdAt: Date;
};

const emailPattern = /^[^@\s]+@[^@\s]+$/;

/** Lower case, checked. @throws AppError("invalid") */
export function parseEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (!emailPattern.test(email) || email.length > 254)
    throw new AppError("invalid", `${text} is not an e-mail address`);
  return email;
}

export type NewPerson = { email: string; name?: string; role: PersonRole; groups?: string[] };

/** @throws AppError "invalid" (e-mail, unknown group), "conflict" where the person exists */
export async function addPerson(person: NewPerson, by: Actor): Promise<{ id: string }> {
  const email = parseEmail(person.email);
  const name = person.name?.trim() || email;
  return withTransaction(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      `insert into person (email, name, role, scram_salt) values ($1, $2, $3, $4)
       on conflict (email) do nothing returning id`,
      [email, name, person.role, randomBytes(scramSaltBytes)],
    );
    const row = rows[0];
    if (row === undefined) throw new AppError("conflict", `there is a person with the address ${email} already`);
    await appendAudit(tx, { kind: "person.added", ...by, person: email, name, role: person.role });
    await insertMemberships(tx, { principal: `person/${email}`, groups: person.groups ?? [] }, by);
    await bumpSnapshot(tx);
    return { id: row.id };
  });
}

/** @throws AppError "not_found"; "conflict" where it would leave no admin who may sign in */
export async function setPersonRole(change: { email: string; role: PersonRole }, by: Actor): Promise<void> {
  const email = parseEmail(change.email);
  await withTransaction(async (tx) => {
    const { rows } = await tx.query<{ role: PersonRole }>("select role from person where email = $1 for update", [
      email,
    ]);
    const previousRole = rows[0]?.role;
    if (previousRole === undefined) throw new AppError("not_found", `there is no person with the address ${email}`);
    if (previousRole === change.role) return;
    if (previousRole === "admin") await keepAnAdmin(tx, email);
    await tx.query("update person set role = $2 where email = $1", [email, change.role]);
    await appendAudit(tx, { kind: "person.changed", ...by, person: email, role: change.role, previousRole });
    await bumpSnapshot(tx);
  });
}

/**
 * Disabling ends the person's console sessions at once, and stops the agents they own.
 * @throws AppError "not_found"; "conflict" where it would leave no admin who may sign in
 */
export async function setPersonEnabled(change: { email: string; enabled: boolean }, by: Actor): Promise<void> {
  const email = parseEmail(change.email);
  await withTransaction(async (tx) => {
    if (!change.enabled) await keepAnAdmin(tx, email);
    const { rows } = await tx.query<{ id: string }>(
      change.enabled
        ? "update person set disabled_at = null where email = $1 and disabled_at is not null returning id"
        : "update person set disabled_at = now() where email = $1 and disabled_at is null returning id",
      [email],
    );
    const row = rows[0];
    if (row === undefined) {
      const known = await tx.query("select 1 from person where email = $1", [email]);
      if (known.rowCount === 0) throw new AppError("not_found", `there is no person with the address ${email}`);
      return;
    }
    if (!change.enabled) await tx.query("delete from console_session where person_id = $1", [row.id]);
    await appendAudit(tx, { kind: change.enabled ? "person.enabled" : "person.disabled", ...by, person: email });
    await bumpSnapshot(tx);
  });
}

export async function listPeople(): Promise<PersonSummary[]> {
  const { rows } = await db().query<PersonSummary>(
    `select p.id, p.email, p.name, p.role, p.oidc_subject is not null as bound,
       p.disabled_at as "disabledAt", p.created_at as "createdAt",
       array(select g.name from group_member m join principal_group g on g.id = m.group_id
             where m.person_id = p.id order by g.name) as groups,
       array(select a.name from agent a where a.owner_id = p.id order by a.name) as agents
     from person p order by p.email`,
  );
  return rows;
}

/** One person with their groups as they are now; null where there is none. */
export async function findPerson(email: string): Promise<PersonSummary | null> {
  const wanted = email.trim().toLowerCase();
  return (await listPeople()).find((person) => person.email === wanted) ?? null;
}

async function keepAnAdmin(
  tx: { query: (sql: string, values: unknown[]) => Promise<{ rowCount: number | null }> },
  email: string,
) {
  const { rowCount } = await tx.query(
    "select 1 from person where role = 'admin' and disabled_at is null and email <> $1 for update",
    [email],
  );
  if (rowCount === 0) throw new AppError("conflict", "that would leave no admin");
}

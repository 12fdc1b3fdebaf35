import { createHash, randomBytes } from "node:crypto";

import { db } from "@/lib/db";
import type { PersonRole } from "./people";

const tokenBytes = 32;

export type SessionPerson = { id: string; email: string; name: string; role: PersonRole; groups: string[] };
export type FoundSession = { sessionId: string; person: SessionPerson; expiresAt: Date };

/** Starts a browser session. The token goes into the cookie; the store keeps its hash. */
export async function createSession(session: {
  personId: string;
  ttlSeconds: number;
}): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(tokenBytes).toString("base64url");
  const expiresAt = await keepSession({ ...session, token });
  return { token, expiresAt };
}

/** Keeps a session whose token somebody else made (the sign-in library makes its own). */
export async function keepSession(session: { personId: string; token: string; ttlSeconds: number }): Promise<Date> {
  const { rows } = await db().query<{ expires_at: Date }>(
    `insert into console_session (token_hash, person_id, expires_at) values ($1, $2, now() + make_interval(secs => $3))
     returning expires_at`,
    [hashOf(session.token), session.personId, session.ttlSeconds],
  );
  return rows[0]?.expires_at ?? new Date(0);
}

/** The live session of a cookie, with the person and their groups as they are now; null for anything else. */
export async function findSession(token: string): Promise<FoundSession | null> {
  const { rows } = await db().query<SessionPerson & { sessionId: string; expiresAt: Date }>(
    `select s.id as "sessionId", s.expires_at as "expiresAt", p.id, p.email, p.name, p.role,
       array(select g.name from group_member m join principal_group g on g.id = m.group_id
             where m.person_id = p.id order by g.name) as groups
     from console_session s join person p on p.id = s.person_id
     where s.token_hash = $1 and s.expires_at > now() and p.disabled_at is null`,
    [hashOf(token)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { sessionId, expiresAt, ...person } = row;
  return { sessionId, expiresAt, person };
}

/** Signs a browser out. */
export async function revokeSession(token: string): Promise<void> {
  await db().query("delete from console_session where token_hash = $1", [hashOf(token)]);
}

/** Removes sessions whose time has passed. */
export async function deleteExpiredSessions(): Promise<void> {
  await db().query("delete from console_session where expires_at <= now()");
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

import { db, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";
import type { PersonRole } from "./people";
import { lockPrincipal, type PrincipalRow, principalText } from "./principals";
import { bumpSnapshot, liveTokensMax } from "./snapshot";

const secretBytes = 32;
const scramIterations = 4_096;
const keyBytes = 32;
const namePrefix = "cst_";
const deriveKey = promisify(pbkdf2);

export type IssuedToken = { id: string; secret: string; expiresAt: Date | null };

export type TokenSummary = {
  id: string;
  principal: string;
  hint: string;
  issuedBy: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};

export type NewToken = {
  /** `agent/NAME` or `person/EMAIL` */
  principal: string;
  ttlSeconds: number | null;
  /** e-mail; an issuer never counts as a reviewer of what the token's sessions ask */
  issuedBy: string | null;
};

/**
 * Makes a token and keeps only what checks it. The secret is in the answer and nowhere else.
 * @throws AppError "not_found"; "conflict" where the principal has 16 live tokens
 */
export async function issueToken(token: NewToken, by: Actor): Promise<IssuedToken> {
  const secret = namePrefix + randomBytes(secretBytes).toString("base64url");
  return withTransaction(async (tx) => {
    const principal = await lockPrincipal(tx, token.principal);
    const live = await tx.query(
      "select 1 from token where $1 in (person_id, agent_id) and revoked_at is null and (expires_at is null or expires_at > now())",
      [principal.id],
    );
    if ((live.rowCount ?? 0) >= liveTokensMax) {
      throw new AppError("conflict", `${principalText(principal)} has ${liveTokensMax} live tokens; revoke one first`);
    }
    const keys = await scramKeys(secret, principal);
    const { rows } = await tx.query<{ id: string; expires_at: Date | null }>(
      `insert into token (${principal.kind}_id, stored_key, server_key, sha256, hint, expires_at, issued_by_id)
       values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), (select id from person where email = $7))
       returning id, expires_at`,
      [
        principal.id,
        keys.storedKey,
        keys.serverKey,
        sha256(secret),
        secret.slice(-4),
        token.ttlSeconds,
        token.issuedBy,
      ],
    );
    const row = rows[0];
    if (row === undefined) throw new AppError("internal", "the token was not stored");
    const expires = row.expires_at ? { expiresAt: row.expires_at.toISOString() } : {};
    await appendAudit(tx, {
      kind: "token.issued",
      ...by,
      tokenId: row.id,
      principal: principalText(principal),
      ...expires,
    });
    await bumpSnapshot(tx);
    return { id: row.id, secret, expiresAt: row.expires_at };
  });
}

/** Running sessions of the token end within a second or two. @throws AppError("not_found") */
export async function revokeToken(revocation: { id: string; reason?: string }, by: Actor): Promise<void> {
  if (!/^[0-9a-f-]{36}$/i.test(revocation.id)) throw new AppError("not_found", "there is no such token");
  await withTransaction(async (tx) => {
    const { rows } = await tx.query<{ principal: string }>(
      `update token t set revoked_at = now() where id = $1 and revoked_at is null
       returning coalesce((select 'person/' || email from person where id = t.person_id),
                          (select 'agent/' || name from agent where id = t.agent_id)) as principal`,
      [revocation.id],
    );
    const row = rows[0];
    if (row === undefined) throw new AppError("not_found", "there is no such token, or it is revoked already");
    const reason = revocation.reason ? { reason: revocation.reason } : {};
    await appendAudit(tx, {
      kind: "token.revoked",
      ...by,
      tokenId: revocation.id,
      principal: row.principal,
      ...reason,
    });
    await bumpSnapshot(tx);
  });
}

/** @param principal only this one's; newest first */
export async function listTokens(principal?: string): Promise<TokenSummary[]> {
  const { rows } = await db().query<TokenSummary>(
    `select * from (
       select t.id, coalesce('person/' || p.email, 'agent/' || a.name) as principal, t.hint, i.email as "issuedBy",
         t.created_at as "createdAt", t.expires_at as "expiresAt", t.revoked_at as "revokedAt",
         t.last_used_at as "lastUsedAt"
       from token t left join person p on p.id = t.person_id left join agent a on a.id = t.agent_id
         left join person i on i.id = t.issued_by_id) tokens
     where $1::text is null or principal = $1 order by "createdAt" desc, id`,
    [principal ?? null],
  );
  return rows;
}

export type TokenHolder = { tokenId: string; principal: string; role: PersonRole | null };

/** Who holds a live token, for HTTP and the command line; null for anything else. */
export async function findTokenHolder(secret: string): Promise<TokenHolder | null> {
  const { rows } = await db().query<TokenHolder>(
    `select t.id as "tokenId", coalesce('person/' || p.email, 'agent/' || a.name) as principal, p.role
     from token t left join person p on p.id = t.person_id left join agent a on a.id = t.agent_id
       left join person o on o.id = a.owner_id
     where t.sha256 = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
       and p.disabled_at is null and o.disabled_at is null and a.frozen_at is null
       and (a.expires_at is null or a.expires_at > now())`,
    [sha256(secret)],
  );
  return rows[0] ?? null;
}

/** Notes that a token was used; brokers call it once per log-in. */
export async function touchToken(id: string): Promise<void> {
  await db().query("update token set last_used_at = now() where id = $1", [id]);
}

// RFC 5802 §3, for SCRAM-SHA-256 (RFC 7677). A token is ASCII, so SASLprep changes nothing.
async function scramKeys(secret: string, principal: PrincipalRow): Promise<{ storedKey: Buffer; serverKey: Buffer }> {
  const salted = await deriveKey(secret, principal.scramSalt, scramIterations, keyBytes, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  return { storedKey: sha256(clientKey), serverKey: createHmac("sha256", salted).update("Server Key").digest() };
}

function sha256(value: string | Buffer): Buffer {
  return createHash("sha256").update(value).digest();
}

import { randomBytes } from "node:crypto";

import { type Transaction, withTransaction } from "@/lib/db";
import { appendAudit } from "./audit";
import { type PersonRole, scramSaltBytes } from "./people";
import { bumpSnapshot } from "./snapshot";

/** What the identity provider said, already verified by the OpenID Connect client. */
export type Identity = {
  issuer: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
  /** the browser's, for the record */
  address?: string;
};

export type SignInPerson = { id: string; email: string; name: string; role: PersonRole };
export type SignInRefusal = "unknown-person" | "unverified-email" | "disabled" | "other-identity" | "no-email";
export type SignInResult =
  | { outcome: "signed-in"; person: SignInPerson; first: boolean }
  | { outcome: "refused"; cause: SignInRefusal };

type PersonRow = SignInPerson & { disabled: boolean; bound: boolean };
const columnList = "id, email, name, role, disabled_at is not null as disabled, oidc_subject is not null as bound";

/**
 * Decides who a verified identity is, and records it either way. A person who was added before is bound to
 * (issuer, subject) once, by a verified e-mail; afterwards only that pair counts, so that a provider that hands an
 * address to somebody else does not hand over the person.
 * @param autoProvision a person unknown until now becomes a requester
 */
export async function signInPerson(identity: Identity, options: { autoProvision: boolean }): Promise<SignInResult> {
  return withTransaction(async (tx) => {
    const result = await decide(tx, identity, options.autoProvision);
    const where = identity.address === undefined ? {} : { address: identity.address };
    if (result.outcome === "signed-in") {
      const { person, first } = result;
      const actor = `person/${person.email}`;
      await appendAudit(tx, {
        kind: "signin.succeeded",
        actor,
        person: person.email,
        issuer: identity.issuer,
        first,
        ...where,
      });
      if (first) await bumpSnapshot(tx);
    } else {
      const claimed = identity.email === null ? {} : { claimedEmail: identity.email };
      const { issuer } = identity;
      await appendAudit(tx, {
        kind: "signin.refused",
        actor: "system/console",
        issuer,
        cause: result.cause,
        ...claimed,
        ...where,
      });
    }
    return result;
  });
}

/** Notes that a person signed out. */
export async function recordSignOut(email: string): Promise<void> {
  await withTransaction(async (tx) => {
    await appendAudit(tx, { kind: "signin.ended", actor: `person/${email}`, person: email });
  });
}

async function decide(tx: Transaction, identity: Identity, autoProvision: boolean): Promise<SignInResult> {
  const bound = await one(tx, `select ${columnList} from person where oidc_issuer = $1 and oidc_subject = $2`, [
    identity.issuer,
    identity.subject,
  ]);
  if (bound !== undefined) return bound.disabled ? refuse("disabled") : accept(bound, false);
  if (identity.email === null) return refuse("no-email");
  const email = identity.email.trim().toLowerCase();
  if (!identity.emailVerified) return refuse("unverified-email");
  const known = await one(tx, `select ${columnList} from person where email = $1 for update`, [email]);
  if (known !== undefined) {
    if (known.disabled) return refuse("disabled");
    if (known.bound) return refuse("other-identity");
    await tx.query("update person set oidc_issuer = $2, oidc_subject = $3 where id = $1", [
      known.id,
      identity.issuer,
      identity.subject,
    ]);
    return accept(known, true);
  }
  if (!autoProvision) return refuse("unknown-person");
  const made = await one(
    tx,
    `insert into person (email, name, role, scram_salt, oidc_issuer, oidc_subject)
     values ($1, $2, 'requester', $3, $4, $5) returning ${columnList}`,
    [email, identity.name?.trim() || email, randomBytes(scramSaltBytes), identity.issuer, identity.subject],
  );
  if (made === undefined) return refuse("unknown-person");
  const { name, role } = made;
  await appendAudit(tx, { kind: "person.added", actor: "system/console", channel: "idp", person: email, name, role });
  return accept(made, true);
}

async function one(tx: Transaction, sql: string, values: unknown[]): Promise<PersonRow | undefined> {
  const { rows } = await tx.query<PersonRow>(sql, values);
  return rows[0];
}

function refuse(cause: SignInRefusal): SignInResult {
  return { outcome: "refused", cause };
}

function accept({ id, email, name, role }: PersonRow, first: boolean): SignInResult {
  return { outcome: "signed-in", person: { id, email, name, role }, first };
}

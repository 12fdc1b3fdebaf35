import type { Sql } from "@/lib/db";
import { AppError } from "@/lib/errors";

/** A principal's row, whatever its kind. */
export type PrincipalRow = {
  kind: "person" | "agent";
  id: string;
  /** e-mail or agent name */
  name: string;
  scramSalt: Buffer;
};

export type PrincipalName = { kind: "person" | "agent"; name: string };

/** `person/EMAIL` or `agent/NAME`. */
export function principalText({ kind, name }: PrincipalName): string {
  return `${kind}/${name}`;
}

/**
 * Reads `agent/NAME`, `person/EMAIL`, or a bare name, which is a person's where it has an `@`. E-mails in lower case.
 * @throws AppError("invalid")
 */
export function parsePrincipal(text: string): PrincipalName {
  const [, kind, name] = /^(?:(person|agent)\/)?(.+)$/s.exec(text) ?? [];
  if (name === undefined) throw new AppError("invalid", "a principal is agent/NAME or person/EMAIL");
  const person = kind === "person" || (kind === undefined && name.includes("@"));
  return person ? { kind: "person", name: name.toLowerCase() } : { kind: "agent", name };
}

/**
 * Finds a principal and locks its row, so that what is counted about it stays true until the commit.
 * @throws AppError("not_found")
 */
export async function lockPrincipal(tx: Sql, text: string): Promise<PrincipalRow> {
  const { kind, name } = parsePrincipal(text);
  const { rows } = await tx.query<{ id: string; scram_salt: Buffer }>(
    kind === "person"
      ? "select id, scram_salt from person where email = $1 for no key update"
      : "select id, scram_salt from agent where name = $1 for no key update",
    [name],
  );
  const row = rows[0];
  if (row === undefined) throw new AppError("not_found", `there is no ${kind} named ${name}`);
  return { kind, id: row.id, name, scramSalt: row.scram_salt };
}

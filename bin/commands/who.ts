import { can, type Permission } from "@/lib/access/permissions";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { type Actor, commandLineActor } from "@/lib/store/actor";
import { findPerson } from "@/lib/store/people";
import { findTokenHolder } from "@/lib/store/tokens";
import { hasLocalInstallation } from "./local-installation";

/** A person at the command line, as the record names them. */
export type CommandLinePerson = { email: string; actor: Actor };

/**
 * Who sets things up. With COUNTERSIGN_TOKEN it is that person, who needs the permission; without it, it is
 * whoever holds the store's own credentials, recorded by their operating-system user.
 */
export async function administrator(permission: Permission): Promise<Actor> {
  if (env().COUNTERSIGN_TOKEN === undefined) return commandLineActor(null);
  return (await requirePerson({ permission })).actor;
}

/**
 * Who decides. Always a person: by their token, or by name beside a demo on this machine.
 * @throws AppError "unauthenticated", "forbidden", "invalid"
 */
export async function requirePerson({
  as,
  permission,
}: {
  as?: string;
  permission: Permission;
}): Promise<CommandLinePerson> {
  const email = as === undefined ? await emailOfToken() : demoPerson(as);
  const person = await findPerson(email);
  if (person === null || person.disabledAt !== null)
    throw new AppError("forbidden", `there is no person ${email} who may sign in`);
  if (!can(person.role, permission)) {
    throw new AppError("forbidden", `${email} has the role ${person.role}, which does not include ${permission}`);
  }
  return { email: person.email, actor: commandLineActor(person.email) };
}

async function emailOfToken(): Promise<string> {
  const { COUNTERSIGN_TOKEN } = env();
  if (COUNTERSIGN_TOKEN === undefined) {
    const beside = hasLocalInstallation() ? ", or name somebody of the demo with --as EMAIL" : "";
    throw new AppError("unauthenticated", `say who you are: set COUNTERSIGN_TOKEN to a token of yours${beside}`);
  }
  const holder = await findTokenHolder(COUNTERSIGN_TOKEN);
  if (holder === null) throw new AppError("unauthenticated", "COUNTERSIGN_TOKEN is not a live token");
  if (!holder.principal.startsWith("person/")) {
    throw new AppError("forbidden", `this takes a person; the token belongs to ${holder.principal}`);
  }
  return holder.principal.slice("person/".length);
}

function demoPerson(as: string): string {
  if (!hasLocalInstallation()) {
    throw new AppError(
      "invalid",
      "--as works only beside a running demo of this machine; set COUNTERSIGN_TOKEN instead",
    );
  }
  return as;
}

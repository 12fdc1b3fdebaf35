import { AppError } from "@/lib/errors";
import { listAgents } from "@/lib/store/agents";
import { findPerson } from "@/lib/store/people";
import { parsePrincipal } from "@/lib/store/principals";

/** A principal with the e-mail of who answers for it. @throws AppError("not_found") */
export async function findHolder(text: string): Promise<{ kind: "person" | "agent"; name: string; owner: string }> {
  const { kind, name } = parsePrincipal(text);
  const owner =
    kind === "person"
      ? (await findPerson(name))?.email
      : (await listAgents()).find((agent) => agent.name === name)?.owner;
  if (owner === undefined) throw new AppError("not_found", `there is no ${kind} named ${name}`);
  return { kind, name, owner };
}

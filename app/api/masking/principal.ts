import { AppError } from "@/lib/errors";
import type { Principal } from "@/lib/policy/types";
import { readPrincipalFacts } from "@/lib/store/analyst-parts";
import { nobody } from "./masked-catalog";

/** The principal to look as, `agent/NAME` or `person/EMAIL`; nobody where none is named. @throws AppError("not_found") */
export async function findPrincipal(name: string | null): Promise<Principal> {
  if (name === null || name === "") return nobody;
  const principal = (await readPrincipalFacts()).get(name);
  if (principal === undefined) throw new AppError("not_found", `there is no principal ${name}`);
  return principal;
}

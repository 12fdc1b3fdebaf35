import type { Sql } from "@/lib/db";
import { AppError } from "@/lib/errors";

/**
 * Ids of groups by name. Groups are never made by being mentioned.
 * @throws AppError("invalid") with one fault per unknown name
 */
export async function groupIdsOf(client: Sql, names: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; name: string }>(
    "select id, name from principal_group where name = any($1::text[])",
    [names],
  );
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  const faults = [...new Set(names)].filter((name) => !ids.has(name)).map((name) => `there is no group named ${name}`);
  if (faults.length > 0) throw new AppError("invalid", faults.join("; "), { faults });
  return ids;
}

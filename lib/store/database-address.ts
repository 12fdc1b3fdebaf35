import { withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";
import { addressOf, urlFault } from "./databases";
import { sealUrl } from "./key-ring";
import { bumpSnapshot } from "./snapshot";

/**
 * Gives a registered upstream another address or other credentials; labels and roles stay as they are.
 * @throws AppError "invalid" (never repeats the URL), "not_found"
 */
export async function setDatabaseUrl(change: { name: string; url: string }, by: Actor): Promise<void> {
  const fault = urlFault(change.url);
  if (fault !== null) throw new AppError("invalid", `the URL ${fault}`);
  const address = addressOf(change.url);
  await withTransaction(async (tx) => {
    const { rows } = await tx.query<{ id: string; labels: Record<string, string>; groups: string[] }>(
      `select id, labels, array(select g.name from database_role r join principal_group g on g.id = r.group_id
         where r.database_id = d.id order by g.name) as groups
       from upstream_database d where name = $1 for update`,
      [change.name],
    );
    const row = rows[0];
    if (row === undefined) throw new AppError("not_found", `there is no database named ${change.name}`);
    const sealed = sealUrl(change.url, { database: row.id });
    await tx.query("update upstream_database set url_encrypted = $2, key_id = $3, address = $4 where id = $1", [
      row.id,
      sealed.bytes,
      sealed.keyId,
      address,
    ]);
    const { labels, groups: roleGroups } = row;
    await appendAudit(tx, { kind: "database.changed", ...by, database: change.name, address, labels, roleGroups });
    await bumpSnapshot(tx);
  });
}

import { db, withTransaction } from "@/lib/db";
import { type Actor, systemActor } from "./actor";
import { endApproval, lapseApproval, selectApprovals } from "./approval-row";

const batchRows = 200;

/**
 * Writes down what the clock has ended already: pending requests whose time has passed, and approvals that nobody
 * used. Nothing waits for this sweep; it is there so that people are told and the record says so.
 */
export async function expireDue(by: Actor = systemActor("workers")): Promise<{ expired: number; lapsed: number }> {
  const due = await selectApprovals(db(), {
    where: `id in (select id from approval where status = 'pending' and expires_at <= now() order by expires_at limit ${batchRows})`,
    values: [],
  });
  let expired = 0;
  for (const { id } of due) {
    const ended = await withTransaction((tx) => endApproval(tx, { id, status: "expired", reason: null }, by));
    if (ended) expired += 1;
  }
  const unused = await selectApprovals(db(), {
    where: `id in (select id from approval where status = 'approved' and use = 'unused' and lapses_at <= now() limit ${batchRows})`,
    values: [],
  });
  let lapsed = 0;
  for (const row of unused) {
    if (await withTransaction((tx) => lapseApproval(tx, row, by))) lapsed += 1;
  }
  return { expired, lapsed };
}

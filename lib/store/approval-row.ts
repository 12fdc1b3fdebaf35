import { isDeepStrictEqual } from "node:util";

import type { ApprovalStatus, ApprovalUse } from "@/lib/approval/types";
import { publish } from "@/lib/bus";
import { onCommit, type Sql, type Transaction } from "@/lib/db";
import type { HoldTerms } from "@/lib/policy/types";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";

/** The columns that decide what may happen to an approval, with the clock already applied. */
export type ApprovalRow = {
  id: number;
  kind: "statement" | "access";
  version: number;
  /** as of now: a pending one whose time has passed is expired, whatever the row still says */
  status: ApprovalStatus;
  /** as of now: an unused one whose time has passed has lapsed */
  use: ApprovalUse | null;
  storedStatus: ApprovalStatus;
  storedUse: ApprovalUse | null;
  principal: string;
  owner: string | null;
  tokenIssuer: string | null;
  onBehalfOf: string | null;
  database: string;
  callHash: string;
  bindingHash: string;
  terms: HoldTerms;
  policies: string[];
  bundleVersion: number;
  entryId: string;
  sessionId: string;
  createdAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  lapsesAt: Date | null;
  endReason: string | null;
};

// INVARIANT: time is the database's clock everywhere, so that two brokers never disagree about what has expired.
export const statusNowSql = `case when status = 'pending' and expires_at <= now() then 'expired' else status end`;
export const useNowSql = `case when status = 'approved' and lapses_at <= now()
  and (use = 'unused' or (use = 'used' and terms ->> 'lasts' <> 'once')) then 'lapsed' else use end`;

const columnList = `id, kind, version, ${statusNowSql} as status, ${useNowSql} as use,
  status as "storedStatus", use as "storedUse", principal, owner, token_issuer as "tokenIssuer",
  on_behalf_of as "onBehalfOf", database, call_hash as "callHash", binding_hash as "bindingHash", terms, policies,
  bundle_version as "bundleVersion", entry_id as "entryId", session_id as "sessionId", created_at as "createdAt",
  expires_at as "expiresAt", decided_at as "decidedAt", lapses_at as "lapsesAt", end_reason as "endReason"`;

/** Rows that a condition of ours selects; `lock` holds them until the commit. */
export async function selectApprovals(
  client: Sql,
  { where, values, lock = false }: { where: string; values: unknown[]; lock?: boolean },
): Promise<ApprovalRow[]> {
  const { rows } = await client.query<ApprovalRow>(
    `select ${columnList} from approval where ${where} order by id${lock ? " for update" : ""}`,
    values,
  );
  return rows;
}

export type EndStatus = "expired" | "withdrawn" | "superseded";

/**
 * Ends an approval that nobody has denied: a pending one, or (superseded only) an approved one that was not used.
 * False where it had ended already.
 */
export async function endApproval(
  tx: Transaction,
  { id, status, reason }: { id: number; status: EndStatus; reason: string | null },
  by?: Actor,
): Promise<boolean> {
  const open =
    status === "superseded" ? "(status = 'pending' or (status = 'approved' and use = 'unused'))" : "status = 'pending'";
  const { rows } = await tx.query(
    `update approval set status = $2, end_reason = $3, decided_at = coalesce(decided_at, now()),
       use = case when use is null then null else 'revoked' end
     where id = $1 and ${open} returning ${columnList}`,
    [id, status, reason],
  );
  const row = rows[0] as ApprovalRow | undefined;
  if (row === undefined) return false;
  const why = reason === null ? {} : { reason };
  await appendAudit(tx, { kind: `approval.${status}`, actor: by?.actor ?? row.principal, ...eventFields(row), ...why });
  announce(row.id);
  return true;
}

/** Writes down that an approved statement's time has passed unused. */
export async function lapseApproval(tx: Transaction, row: ApprovalRow, by: Actor): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update approval set use = 'lapsed' where id = $1 and status = 'approved' and use = 'unused' and lapses_at <= now()",
    [row.id],
  );
  if (rowCount === 0) return false;
  await appendAudit(tx, { kind: "approval.lapsed", actor: by.actor, ...eventFields(row) });
  announce(row.id);
  return true;
}

const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** What every event about an approval carries. */
export function eventFields(row: ApprovalRow) {
  return {
    approvalId: row.id,
    version: row.version,
    principal: row.principal,
    database: row.database,
    ...(uuidPattern.test(row.entryId) ? { entryId: row.entryId } : {}),
    ...(uuidPattern.test(row.sessionId) ? { sessionId: row.sessionId } : {}),
  };
}

/** After the commit: wakes the broker whose client waits, the open pages, and the workers that tell people. */
export function announce(id: number): void {
  onCommit(() => publish("approval", { id }));
}

/** True where a request demands the same people for the same policies; otherwise an earlier vote means something else. */
export function sameDemand(row: ApprovalRow, wanted: { policies: string[]; terms: HoldTerms }): boolean {
  return (
    isDeepStrictEqual([...row.policies].sort(), [...wanted.policies].sort()) &&
    isDeepStrictEqual(row.terms, wanted.terms)
  );
}

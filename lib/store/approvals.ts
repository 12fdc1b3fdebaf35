import { createHash } from "node:crypto";

import type { ApprovalRequest, ApprovalStatus, ApprovalUse } from "@/lib/approval/types";
import { db, type Transaction, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { HoldTerms } from "@/lib/policy/types";
import { fingerprintOf, redact } from "@/lib/sql/shape";
import { type Actor, systemActor } from "./actor";
import {
  type ApprovalRow,
  announce,
  endApproval,
  eventFields,
  lapseApproval,
  sameDemand,
  selectApprovals,
} from "./approval-row";
import { appendAudit } from "./audit";

// What a broker does with approvals. SQL only: nothing here loads the console's or the workers' libraries.

export type ApprovalState = {
  id: number;
  version: number;
  status: ApprovalStatus;
  use: ApprovalUse | null;
  /** ids of the policies that an approval waives, for exactly this call */
  policies: string[];
  bindingHash: string;
  terms: HoldTerms;
  /** how long the client is kept waiting */
  waitSeconds: number;
  createdAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  lapsesAt: Date | null;
  /** why it ended: the denier's reason, or what changed */
  endReason: string | null;
  /** e-mails of those whose votes decided it */
  reviewers: string[];
};

export type OpenedApproval = ApprovalState & {
  /** true where an identical request was pending or approved already */
  joined: boolean;
};

/**
 * SHA-256, hex, over who asks for what on whose behalf: the same call by the same principal is the same request.
 * An approval that lasts covers the shape, so that literals and parameters may differ.
 */
export function callHashOf(request: ApprovalRequest): string {
  const { principal, owner, tokenIssuer, onBehalfOf, database, statement, parameters, terms } = request;
  const lasting = terms.lasts !== "once";
  const call = lasting ? [redact(statement), null] : [statement, parameters.map((p) => [p.type, p.format, p.value])];
  // Issuer and claimed person are part of it: an excluded reviewer must not get in by joining another's request.
  const text = JSON.stringify([principal, owner, tokenIssuer, onBehalfOf, database, lasting, ...call]);
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Opens a request for approval, or joins an identical one that is pending, or returns an identical one that is
 * approved and still usable. Requests for the same call whose relations, masks, policies or terms were others are
 * superseded.
 * @throws what the store throws; the broker refuses with ZS003
 */
export async function openApproval(request: ApprovalRequest): Promise<OpenedApproval> {
  const callHash = callHashOf(request);
  return withTransaction(async (tx) => {
    // Two identical calls on two brokers take turns here; the second finds the row of the first.
    await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [callHash]);
    const earlier = await selectApprovals(tx, {
      where: `call_hash = $1 and kind = 'statement' and (status = 'pending' or (status = 'approved' and use in ('unused', 'used')
        and (use = 'unused' or lapses_at > now())))`,
      values: [callHash],
      lock: true,
    });
    for (const row of earlier) {
      if (await isUsable(tx, row, request)) return { ...(await stateOf(tx, row)), joined: true };
    }
    const row = await insertApproval(tx, request, callHash);
    return { ...(await stateOf(tx, row)), joined: false };
  });
}

/** The state as of now; null where there is no such request. */
export async function readApprovalState(id: number): Promise<ApprovalState | null> {
  const [row] = await selectApprovals(db(), { where: "id = $1", values: [id] });
  return row === undefined ? null : stateOf(db(), row);
}

export type ApprovalUseRequest = {
  id: number;
  principal: string;
  database: string;
  bindingHash: string;
  brokerId: string;
  /** of the call that uses it, which need not be the one that opened it */
  sessionId: string;
  entryId: string;
};

/**
 * Uses an approval up, before the upstream sees a byte. INVARIANT: one guarded write, so that of two brokers, or
 * two calls, or a call before and after a crash, only one gets true. An approval that lasts may be used again until
 * it lapses.
 */
export async function useApproval(use: ApprovalUseRequest): Promise<boolean> {
  return withTransaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update approval set use = 'used', used_at = coalesce(used_at, now())
       where id = $1 and principal = $2 and database = $3 and binding_hash = $4
         and status = 'approved' and lapses_at > now()
         and (use = 'unused' or (use = 'used' and terms ->> 'lasts' <> 'once'))`,
      [use.id, use.principal, use.database, use.bindingHash],
    );
    const [row] = await selectApprovals(tx, { where: "id = $1", values: [use.id] });
    if (rowCount === 0 || row === undefined) return false;
    const { entryId, sessionId, brokerId } = use;
    const event = eventFields({ ...row, entryId, sessionId });
    await appendAudit(tx, { kind: "approval.used", actor: row.principal, ...event, brokerId });
    announce(row.id);
    return true;
  });
}

/**
 * The client cancelled or hung up, or a person took the request back. False where it had ended already.
 * @param by whoever asked for the statement, unless told otherwise
 */
export async function withdrawApproval(id: number, reason: string, by?: Actor): Promise<boolean> {
  return withTransaction((tx) => endApproval(tx, { id, status: "withdrawn", reason }, by));
}

/** What the approval was for is not what would run now. False where it had ended already. */
export async function supersedeApproval(
  id: number,
  reason: string,
  by: Actor = systemActor("broker"),
): Promise<boolean> {
  return withTransaction((tx) => endApproval(tx, { id, status: "superseded", reason }, by));
}

export type ApprovalOutcome = {
  outcome: "ok" | "error" | "cancelled" | "unknown";
  sqlstate: string | null;
  rows: number | null;
  durationMs: number;
};

/** Notes what came of the approved call, for the page of the request. The journal holds the record of it. */
export async function recordOutcome(id: number, outcome: ApprovalOutcome): Promise<void> {
  await withTransaction(async (tx) => {
    await tx.query("update approval set outcome = $2 where id = $1 and use = 'used'", [id, JSON.stringify(outcome)]);
    announce(id);
  });
}

/** True where the request can be joined or used; ends it where it stands in the way of a new one. */
async function isUsable(tx: Transaction, row: ApprovalRow, request: ApprovalRequest): Promise<boolean> {
  const by = systemActor("store");
  if (row.status === "expired") {
    await endApproval(tx, { id: row.id, status: "expired", reason: null }, by);
    return false;
  }
  if (row.use === "lapsed") {
    await lapseApproval(tx, row, by);
    return false;
  }
  if (row.use === "used" && row.terms.lasts === "once") return false;
  if (row.bindingHash === request.bindingHash && sameDemand(row, request)) return true;
  const reason =
    row.bindingHash === request.bindingHash
      ? "the policies that hold it, or their terms, changed"
      : "the definition of what it touches, or the masks in force, changed";
  await endApproval(tx, { id: row.id, status: "superseded", reason }, by);
  return false;
}

async function insertApproval(tx: Transaction, request: ApprovalRequest, callHash: string): Promise<ApprovalRow> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into approval (principal, owner, token_issuer, on_behalf_of, database, statement, parameters, call_hash,
       binding_hash, terms, policies, bundle_version, reason, request_reason, severity, in_transaction, facts, broker_id,
       session_id, entry_id, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
       now(), now() + make_interval(secs => $21)) returning id`,
    [
      request.principal,
      request.owner,
      request.tokenIssuer,
      request.onBehalfOf,
      request.database,
      request.statement,
      JSON.stringify(request.parameters),
      callHash,
      request.bindingHash,
      JSON.stringify(request.terms),
      request.policies,
      request.bundleVersion,
      request.reason,
      request.requestReason,
      request.terms.severity,
      request.inTransaction,
      JSON.stringify(request.facts),
      request.brokerId,
      request.sessionId,
      request.entryId,
      request.terms.expiresSeconds,
    ],
  );
  const [row] = await selectApprovals(tx, { where: "id = $1", values: [rows[0]?.id] });
  if (row === undefined) throw new AppError("internal", "the approval was not stored");
  await recordOpening(tx, row, request);
  announce(row.id);
  return row;
}

async function recordOpening(tx: Transaction, row: ApprovalRow, request: ApprovalRequest): Promise<void> {
  const shape = redact(request.statement);
  await appendAudit(tx, {
    kind: "approval.opened",
    actor: row.principal,
    ...eventFields(row),
    approvalKind: row.kind,
    ...(row.owner === null ? {} : { owner: row.owner }),
    ...(row.tokenIssuer === null ? {} : { tokenIssuer: row.tokenIssuer }),
    ...(row.onBehalfOf === null ? {} : { onBehalfOf: row.onBehalfOf }),
    ...(request.requestReason === null ? {} : { requestReason: request.requestReason }),
    statement: shape,
    fingerprint: fingerprintOf(shape),
    tables: request.facts.tables,
    policies: row.policies,
    bundleVersion: row.bundleVersion,
    terms: row.terms,
    reason: request.reason,
    inTransaction: request.inTransaction,
    callHash: row.callHash,
    bindingHash: row.bindingHash,
    expiresAt: row.expiresAt.toISOString(),
  });
}

async function stateOf(client: Pick<Transaction, "query">, row: ApprovalRow): Promise<ApprovalState> {
  const decisive = row.storedStatus === "denied" ? "deny" : "approve";
  const { rows } = await client.query<{ email: string }>(
    `select p.email from review r join person p on p.id = r.person_id
     where r.approval_id = $1 and r.version = $2 and r.vote = $3 order by r.created_at`,
    [row.id, row.version, decisive],
  );
  return {
    id: row.id,
    version: row.version,
    status: row.status,
    use: row.use,
    policies: row.policies,
    bindingHash: row.bindingHash,
    terms: row.terms,
    waitSeconds: row.terms.waitSeconds,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    decidedAt: row.decidedAt,
    lapsesAt: row.lapsesAt,
    endReason: row.endReason,
    reviewers: rows.map(({ email }) => email),
  };
}

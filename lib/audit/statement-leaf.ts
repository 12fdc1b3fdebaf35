import type { AuditEventOf } from "./event";
import { leafBytesMax, leafOf, storableText } from "./leaf";

/**
 * Leaves of the two events that every statement has, built from parts that were serialised once per session and per
 * plan. The result is exactly `leafOf` of the same fields; a test proves it. A call costs a few string concatenations.
 */

type Opened = AuditEventOf<"statement.opened">;
type Closed = AuditEventOf<"statement.closed">;
type Context = NonNullable<Opened["context"]>;

export type SessionLeafFields = Pick<
  Opened,
  "actor" | "address" | "application" | "brokerId" | "database" | "onBehalfOf" | "owner" | "sessionId"
>;
export type PlanLeafFields = Pick<
  Opened,
  | "bundleVersion"
  | "columns"
  | "decision"
  | "fingerprint"
  | "labels"
  | "masked"
  | "policies"
  | "reason"
  | "requests"
  | "snapshotVersion"
  | "statement"
  | "statementKind"
  | "tables"
>;
export type OpenedCallFields = Pick<Opened, "id" | "at" | "entryId" | "inTransaction" | "approvalId">;
export type ClosedCallFields = Pick<
  Closed,
  "id" | "at" | "entryId" | "approvalId" | "outcome" | "sqlstate" | "rows" | "bytes" | "durationMs"
>;

/** Serialised once per session; again when the client changes its application name or claims somebody else. */
export type SessionLeaf = {
  fields: SessionLeafFields;
  actor: string;
  addressAndApplication: string;
  brokerId: string;
  database: string;
  claims: string;
  sessionId: string;
  bytes: number;
};

/** Serialised once per plan. */
export type PlanLeaf = {
  fields: PlanLeafFields;
  bundleVersionAndColumns: string;
  decision: string;
  fingerprint: string;
  labelsAndMasked: string;
  masked: string;
  policiesToRequests: string;
  snapshotToTables: string;
  statementKind: string;
  bytes: number;
};

/** Serialised when a fact that policies were told changes; see `contextLeaf`. */
export type ContextLeaf = { fields: Context; json: string; bytes: number };

const text = (value: string) => JSON.stringify(storableText(value));
const optional = (name: string, value: string | undefined) => (value === undefined ? "" : `,"${name}":${text(value)}`);
const list = (values: readonly string[]) => `[${values.map(text).join(",")}]`;
/** What the parts of one call add at most: identifiers, times, numbers, field names. */
const callBytesMax = 1_000;

function bytesOf(parts: Record<string, unknown>): number {
  let bytes = 0;
  for (const part of Object.values(parts)) if (typeof part === "string") bytes += Buffer.byteLength(part);
  return bytes;
}

export function sessionLeaf(fields: SessionLeafFields): SessionLeaf {
  const parts = {
    actor: `{"actor":${text(fields.actor)}`,
    addressAndApplication: `,"address":${text(fields.address)},"application":${text(fields.application)}`,
    brokerId: `,"brokerId":${text(fields.brokerId)}`,
    database: `,"database":${text(fields.database)}`,
    claims: optional("onBehalfOf", fields.onBehalfOf) + optional("owner", fields.owner),
    sessionId: `,"sessionId":${text(fields.sessionId)}`,
  };
  return { fields, ...parts, bytes: bytesOf(parts) };
}

export function planLeaf(fields: PlanLeafFields): PlanLeaf {
  const masked = `,"masked":${leafOf({ masked: fields.masked }).slice('{"masked":'.length, -1)}`;
  const requests = `,"requests":${leafOf({ requests: fields.requests }).slice('{"requests":'.length, -1)}`;
  const parts = {
    bundleVersionAndColumns: `,"bundleVersion":${fields.bundleVersion},"columns":${list(fields.columns)}`,
    decision: `,"decision":${text(fields.decision)}`,
    fingerprint: `,"fingerprint":${text(fields.fingerprint)}`,
    labelsAndMasked: `,"labels":${list(fields.labels)}${masked}`,
    policiesToRequests: `,"policies":${list(fields.policies)}${optional("reason", fields.reason)}${requests}`,
    snapshotToTables:
      `,"snapshotVersion":${text(fields.snapshotVersion)},"statement":${text(fields.statement)}` +
      `,"statementKind":${text(fields.statementKind)},"tables":${list(fields.tables)}}`,
    statementKind: `,"statementKind":${text(fields.statementKind)}}`,
  };
  return { fields, ...parts, masked, bytes: bytesOf(parts) };
}

/** @param fields what the policies were told beside session and plan; reuse the result while nothing of it changes. */
export function contextLeaf(fields: Context): ContextLeaf {
  const json = leafOf(fields);
  return { fields, json: `,"context":${json}`, bytes: Buffer.byteLength(json) };
}

export type OpenedParts = { session: SessionLeaf; plan: PlanLeaf; context?: ContextLeaf; call: OpenedCallFields };

/** Leaf of `statement.opened`. Ids and times of the call must be plain ASCII. */
export function openedLeaf({ session, plan, context, call }: OpenedParts): string {
  if (session.bytes + plan.bytes + (context?.bytes ?? 0) + callBytesMax > leafBytesMax / 2) {
    return leafOf({ kind: "statement.opened", ...session.fields, ...plan.fields, ...call, context: context?.fields });
  }
  return (
    session.actor +
    session.addressAndApplication +
    (call.approvalId === undefined ? `,"at":"${call.at}"` : `,"approvalId":${call.approvalId},"at":"${call.at}"`) +
    session.brokerId +
    plan.bundleVersionAndColumns +
    (context === undefined ? "" : context.json) +
    session.database +
    plan.decision +
    `,"entryId":"${call.entryId}"` +
    plan.fingerprint +
    `,"id":"${call.id}","inTransaction":${call.inTransaction},"kind":"statement.opened"` +
    plan.labelsAndMasked +
    session.claims +
    plan.policiesToRequests +
    session.sessionId +
    plan.snapshotToTables
  );
}

export type ClosedParts = { session: SessionLeaf; plan: PlanLeaf; call: ClosedCallFields };

/** Leaf of `statement.closed`; `durationMs` is kept to the microsecond. */
export function closedLeaf({ session, plan, call }: ClosedParts): string {
  const durationMs = Math.round(call.durationMs * 1_000) / 1_000;
  if (session.bytes + plan.bytes + callBytesMax > leafBytesMax / 2) {
    const { actor, sessionId, brokerId, database } = session.fields;
    const { fingerprint, statementKind, masked } = plan.fields;
    const fields = { actor, sessionId, brokerId, database, fingerprint, statementKind, masked };
    return leafOf({ kind: "statement.closed", ...fields, ...call, durationMs });
  }
  return (
    session.actor +
    (call.approvalId === undefined ? `,"at":"${call.at}"` : `,"approvalId":${call.approvalId},"at":"${call.at}"`) +
    session.brokerId +
    `,"bytes":${call.bytes}` +
    session.database +
    `,"durationMs":${durationMs},"entryId":"${call.entryId}"` +
    plan.fingerprint +
    `,"id":"${call.id}","kind":"statement.closed"` +
    plan.masked +
    `,"outcome":"${call.outcome}","rows":${call.rows}` +
    session.sessionId +
    (call.sqlstate === undefined ? "" : `,"sqlstate":${text(call.sqlstate)}`) +
    plan.statementKind
  );
}

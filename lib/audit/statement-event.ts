import { z } from "zod";
import { countField, event, listField, none, personal, secret, textField } from "./field";

/** Where a statement came from. Same for every event of one session. */
const sessionFields = {
  sessionId: none(z.uuid()),
  brokerId: textField(),
  /** registered name of the upstream */
  database: textField(),
  /** the agent's owner, e-mail */
  owner: personal(z.string().optional()),
  /** claimed by the client, never a source of rights */
  onBehalfOf: personal(z.string().optional()),
  application: secret(z.string()),
  /** the client's IP address */
  address: personal(z.string()),
};

const maskedColumns = z.array(z.strictObject({ column: z.string(), rule: z.string() }));

/** One Cedar request of a statement with what was answered. */
const recordedRequest = z.strictObject({
  action: z.string(),
  resource: z.string(),
  effect: z.enum(["allow", "deny", "hold"]),
  policies: z.array(z.string()),
  hasWhere: z.boolean().optional(),
  whereIsConstant: z.boolean().optional(),
});

/** Everything else that the policies were told, so that a simulation can ask them again. */
const decisionContext = z.strictObject({
  principalGroups: z.array(z.string()),
  databaseLabels: z.record(z.string(), z.string()),
  tls: z.boolean(),
  breakGlass: z.boolean(),
  purpose: z.string().optional(),
  /** `countersign.reason` */
  reason: z.string().optional(),
  time: z.strictObject({ epochSeconds: z.number().int(), hour: z.number().int(), weekday: z.number().int() }),
  usage: z.strictObject({ rowsLastHour: z.number().int(), statementsLastHour: z.number().int() }),
  grants: z.array(z.string()),
  waived: z.array(z.string()),
  statementsInBatch: z.number().int(),
  estimatedRows: z.number().int().optional(),
});

/** What the statement is and what was decided. Same for every call of one plan. */
const planFields = {
  /** literals replaced by `?`; at most `statementBytesMax` bytes, see `cut` */
  statement: secret(z.string()),
  fingerprint: textField(),
  statementKind: textField(),
  tables: listField(),
  columns: listField(),
  labels: listField(),
  decision: none(z.enum(["allow", "deny", "hold"])),
  policies: listField(),
  /** what the policies gave as their reason */
  reason: secret(z.string().optional()),
  requests: none(z.array(recordedRequest)),
  context: secret(decisionContext.optional()),
  /** null: no bundle is active */
  bundleVersion: none(z.number().int().nullable()),
  /** decimal bigint */
  snapshotVersion: textField(),
  masked: none(maskedColumns),
};

/** One call of a statement; all events of the call share `entryId`. */
const callFields = {
  entryId: none(z.uuid()),
  inTransaction: none(z.boolean()),
};

const approvalId = none(z.number().int());

/** Never ran: denied, not parsable, not supported, or its hold ended without an approval. */
export const statementRefused = event("statement.refused", {
  ...sessionFields,
  ...planFields,
  ...callFields,
  approvalId: none(z.number().int().optional()),
  sqlstate: textField(),
  /** what the client was told */
  message: secret(z.string()),
});

/** Written before the upstream sees a byte. `decision` is hold when `statement.held` follows. */
export const statementOpened = event("statement.opened", {
  ...sessionFields,
  ...planFields,
  ...callFields,
  approvalId: none(z.number().int().optional()),
});

export const statementHeld = event("statement.held", {
  ...sessionFields,
  ...planFields,
  ...callFields,
  approvalId,
});

/** The approval was used; `decision` and `policies` are those of the second decision. */
export const statementReleased = event("statement.released", {
  ...sessionFields,
  ...planFields,
  ...callFields,
  approvalId,
  /** milliseconds between hold and release */
  heldMs: none(z.number().nonnegative()),
});

export const statementClosed = event("statement.closed", {
  sessionId: none(z.uuid()),
  brokerId: textField(),
  database: textField(),
  entryId: none(z.uuid()),
  fingerprint: textField(),
  statementKind: textField(),
  approvalId: none(z.number().int().optional()),
  /** unknown: the broker died, or the upstream went away, before the result was seen */
  outcome: none(z.enum(["ok", "error", "cancelled", "unknown"])),
  sqlstate: none(z.string().optional()),
  /** returned or affected, whole call */
  rows: countField(),
  /** of the result, as sent to the client */
  bytes: countField(),
  durationMs: none(z.number().nonnegative()),
  masked: none(maskedColumns),
});

export const sessionOpened = event("session.opened", {
  ...sessionFields,
  tls: none(z.boolean()),
  tokenId: none(z.uuid()),
  /** role of the upstream login, where a group is mapped to one */
  upstreamRole: none(z.string().optional()),
  snapshotVersion: textField(),
});

export const sessionClosed = event("session.closed", {
  sessionId: none(z.uuid()),
  brokerId: textField(),
  database: textField(),
  /** terminated: by the client; the rest says who ended it */
  end: none(
    z.enum([
      "terminated",
      "disconnected",
      "upstream",
      "cancelled",
      "revoked",
      "shutdown",
      "protocol",
      "bug",
      "unknown",
    ]),
  ),
  statements: countField(),
  durationMs: none(z.number().nonnegative()),
});

/** A start-up that did not become a session. The client is never told which part was wrong. */
export const sessionRefused = event("session.refused", {
  brokerId: textField(),
  address: personal(z.string()),
  application: secret(z.string()),
  /** as the client gave them, unverified */
  claimedUser: personal(z.string()),
  claimedDatabase: secret(z.string()),
  sqlstate: textField(),
  cause: none(
    z.enum([
      "unknown-user",
      "unknown-database",
      "wrong-token",
      "expired-token",
      "disabled-principal",
      "not-permitted",
      "upstream-unreachable",
      "limit",
      "stale",
      "journal",
      "timeout",
      "protocol",
    ]),
  ),
  detail: secret(z.string().optional()),
});

export const brokerStarted = event("broker.started", {
  brokerId: textField(),
  start: countField(),
  version: textField(),
});

export const brokerStopped = event("broker.stopped", { brokerId: textField(), start: countField() });

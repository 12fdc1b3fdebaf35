import { z } from "zod";
import { countField, event, isoMillis, listField, none, personal, secret, textField } from "./field";

const approvalFields = {
  approvalId: none(z.number().int()),
  version: countField(),
  /** who asked: `agent/NAME` or `person/EMAIL` */
  principal: personal(z.string()),
  database: textField(),
  /** journal entry of the call that opened the request */
  entryId: none(z.uuid().optional()),
  sessionId: none(z.uuid().optional()),
};

/** Where a person acted; `osUser` is the operating-system user of the command line. */
const channelFields = {
  channel: none(z.enum(["console", "slack", "email", "cli", "api", "system"])),
  osUser: personal(z.string().optional()),
};

const holdTerms = z.strictObject({
  quorum: z.array(z.strictObject({ group: z.string(), count: z.number().int() })),
  also: z.array(z.string()),
  expiresSeconds: z.number(),
  waitSeconds: z.number(),
  lasts: z.union([z.literal("once"), z.number()]),
  channels: z.array(z.string()),
  severity: z.string(),
});

export const approvalOpened = event("approval.opened", {
  ...approvalFields,
  approvalKind: none(z.enum(["statement", "access"])),
  owner: personal(z.string().optional()),
  tokenIssuer: personal(z.string().optional()),
  onBehalfOf: personal(z.string().optional()),
  /** literals replaced; the text that reviewers decide on is kept with the request, not in the log */
  statement: secret(z.string()),
  fingerprint: none(z.string().optional()),
  tables: listField(),
  policies: listField(),
  bundleVersion: none(z.number().int().nullable()),
  terms: none(holdTerms),
  reason: secret(z.string()),
  requestReason: secret(z.string().optional()),
  inTransaction: none(z.boolean()),
  callHash: textField(),
  bindingHash: textField(),
  expiresAt: none(isoMillis),
});

/** One vote; `actor` is the reviewer. */
export const approvalReviewed = event("approval.reviewed", {
  ...approvalFields,
  ...channelFields,
  vote: none(z.enum(["approve", "deny"])),
  reason: secret(z.string()),
  /** groups of the terms that the reviewer was in when voting */
  groups: listField(),
});

export const approvalApproved = event("approval.approved", {
  ...approvalFields,
  ...channelFields,
  reviewers: personal(z.array(z.string())),
  lapsesAt: none(isoMillis.optional()),
});

export const approvalDenied = event("approval.denied", {
  ...approvalFields,
  ...channelFields,
  reason: secret(z.string()),
});

const ended = { ...approvalFields, reason: secret(z.string().optional()) };
export const approvalExpired = event("approval.expired", { ...ended });
export const approvalWithdrawn = event("approval.withdrawn", { ...ended });
export const approvalSuperseded = event("approval.superseded", { ...ended });
export const approvalLapsed = event("approval.lapsed", { ...ended });
export const approvalRevoked = event("approval.revoked", { ...ended, ...channelFields });

/** Written by the transaction that uses the approval up, before the upstream sees a byte. */
export const approvalUsed = event("approval.used", { ...approvalFields, brokerId: textField() });

const deliveryFields = {
  deliveryId: none(z.uuid()),
  approvalId: none(z.number().int()),
  channel: none(z.enum(["email", "slack"])),
  recipient: personal(z.string()),
  transition: textField(),
  attempts: countField(),
};

export const deliverySent = event("delivery.sent", { ...deliveryFields, reference: none(z.string().optional()) });
/** `final` false: it will be tried again. */
export const deliveryFailed = event("delivery.failed", {
  ...deliveryFields,
  error: secret(z.string()),
  final: none(z.boolean()),
});
/** The worker died between sending and recording: it may or may not have arrived. */
export const deliveryUnknown = event("delivery.unknown", { ...deliveryFields });

import type { HoldTerms } from "@/lib/policy/types";

export type ApprovalStatus = "pending" | "approved" | "denied" | "expired" | "withdrawn" | "superseded";
export type ApprovalUse = "unused" | "used" | "lapsed" | "revoked";
export type ReviewVote = "approve" | "deny";
export type ReviewChannel = "console" | "slack" | "email" | "cli";

/** A bound parameter as the client sent it. `value` is base64 of the bytes, null for NULL. */
export type ApprovalParameter = { type: number; format: 0 | 1; value: string | null };

/** What the reviewer sees beside the statement. */
export type ApprovalFacts = {
  kind: string;
  tables: string[];
  columns: { id: string; labels: string[] }[];
  estimatedRows?: number;
  clientAddress: string;
  applicationName: string;
  environment: Record<string, string>;
  statementsInBatch: number;
};

/** What a broker sends to the store when a statement is held. */
export type ApprovalRequest = {
  principal: string;
  owner: string | null;
  tokenIssuer: string | null;
  onBehalfOf: string | null;
  database: string;
  statement: string;
  parameters: ApprovalParameter[];
  bindingHash: string;
  terms: HoldTerms;
  policies: string[];
  bundleVersion: number;
  reason: string;
  requestReason: string | null;
  inTransaction: boolean;
  facts: ApprovalFacts;
  brokerId: string;
  sessionId: string;
  entryId: string;
};

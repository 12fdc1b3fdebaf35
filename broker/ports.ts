import type { AnalysisInput, AnalystParts, ConnectInput } from "@/lib/analysis-types";
import type { ApprovalRequest, ApprovalStatus, ApprovalUse } from "@/lib/approval/types";
import type { AuditEventInput } from "@/lib/audit/event";
import type { BusChannel, BusPayload } from "@/lib/bus";
import type { Decision } from "@/lib/policy/types";
import type { ContextReads } from "@/lib/policy/volatile";
import type { Snapshot } from "@/lib/snapshot";
import type { Plan } from "./plan";

/** What the broker needs of the rest of the product; `main.ts` connects the real ones, tests bring others. */

export type SnapshotSource = {
  /** decimal bigint; throws when the store cannot be reached */
  readSnapshotVersion(): Promise<string>;
  loadSnapshot(): Promise<Snapshot>;
};

/** How a request stands. */
export type ApprovalState = {
  id: number;
  status: ApprovalStatus;
  use: ApprovalUse | null;
  /** ids of the policies that an approval waives, for exactly this call */
  policies: string[];
  /** why it ended, for people */
  endReason: string | null;
};

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

export type ApprovalStore = {
  openApproval(request: ApprovalRequest): Promise<ApprovalState & { joined: boolean }>;
  readApprovalState(id: number): Promise<ApprovalState | null>;
  /** the guarded write: true for exactly one caller */
  useApproval(use: ApprovalUseRequest): Promise<boolean>;
  withdrawApproval(id: number, reason: string): Promise<boolean>;
  supersedeApproval(id: number, reason: string): Promise<boolean>;
  recordOutcome(id: number, outcome: ApprovalOutcome): Promise<void>;
};

export type ApprovalOutcome = {
  outcome: "ok" | "error" | "unknown";
  sqlstate: string | null;
  rows: number | null;
  durationMs: number;
};

export type Bus = {
  publish<Channel extends BusChannel>(channel: Channel, payload: BusPayload<Channel>): Promise<void>;
  subscribe<Channel extends BusChannel>(
    channel: Channel,
    handle: (payload: BusPayload<Channel>) => void,
    onGap?: () => void,
  ): Promise<() => void>;
};

export type JournalPort = {
  /** @throws for what opens a statement or session when the journal cannot be written */
  appendLeaf(id: string, leaf: string, change?: { opens: string } | { closes: string }): number;
  /** id and time are filled in; @throws as `appendLeaf` */
  append(event: AuditEventInput): number;
  /** Everything appended is as safe as the durability demands when this returns or resolves. @throws */
  commit(): undefined | Promise<void>;
};

export type Analyst = {
  /** Compiles the parts and uses them from now on; answers what of the context policies read. */
  load(parts: AnalystParts): Promise<ContextReads>;
  /** @throws when no answer can be had: the caller refuses */
  analyze(input: AnalysisInput): Promise<Plan>;
  decideConnect(input: ConnectInput): Promise<Decision>;
  close(): Promise<void>;
};

export type CatalogSource = {
  /** Reads the database's catalog anew and stores it; brokers hear of a change by the snapshot. */
  syncCatalog(database: string): Promise<void>;
};

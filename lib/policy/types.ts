import type { Ask } from "@/lib/sql/types";

export type Principal = {
  kind: "person" | "agent";
  /** e-mail or agent name */
  name: string;
  /** direct and inherited group names, live membership grants included */
  groups: string[];
  /** agents only: the owner's e-mail */
  owner?: string;
};

/** Context of the session in a request (`Session` of the Cedar schema). */
export type SessionFacts = {
  clientAddress: string;
  applicationName: string;
  tls: boolean;
  inTransaction: boolean;
  onBehalfOf?: string;
  reason?: string;
  purpose?: string;
  breakGlass: boolean;
};

/** All integers. UTC; weekday 1 = Monday. */
export type TimeFacts = { epochSeconds: number; hour: number; weekday: number };
export type UsageFacts = { rowsLastHour: number; statementsLastHour: number };

/** Facts of the statement that every ask of it shares. */
export type StatementFacts = {
  kind: string;
  fingerprint: string;
  statementsInBatch: number;
  /** table ids */
  tables: string[];
  /** labels of every column read or written */
  sensitivity: string[];
  estimatedRows?: number;
};

/** What a hold demands, combined over the policies that hold. */
export type HoldTerms = {
  /** per group, how many different people */
  quorum: { group: string; count: number }[];
  /** one different person more of each of these groups */
  also: string[];
  expiresSeconds: number;
  waitSeconds: number;
  /** "once" or seconds that an approval covers the shape */
  lasts: "once" | number;
  channels: ("console" | "slack" | "email")[];
  severity: "low" | "medium" | "high";
};

export type Observation = { policies: string[]; effect: "allow" | "deny"; errors: string[] };

export type Decision =
  | { effect: "allow"; policies: string[]; observed: Observation[] }
  | {
      effect: "deny";
      /** 42501 by policy, 53400 budget, ZS003 cannot decide safely */
      sqlstate: "42501" | "53400" | "ZS003";
      policies: string[];
      reason: string;
      hint: string;
      observed: Observation[];
    }
  | { effect: "hold"; policies: string[]; reason: string; terms: HoldTerms; observed: Observation[] };

export type DecisionInput = {
  principal: Principal;
  /** registered database name and its labels */
  database: { name: string; labels: Record<string, string> };
  session: SessionFacts;
  time: TimeFacts;
  usage: UsageFacts;
  /** ids of the principal's live grants */
  grants: string[];
  statement: StatementFacts;
  asks: Ask[];
  /** ids of hold policies that a live approval for exactly this statement waives */
  waived: string[];
};

/** The exact Cedar requests, kept in the journal so that a simulation can replay them. */
export type RecordedRequest = {
  action: string;
  resource: string;
  effect: "allow" | "deny" | "hold";
  policies: string[];
};

/** A fault of a bundle: file and 1-based line where known, and what to do. */
export type BundleFault = { file: string; line?: number; message: string; severity: "error" | "warning" };

/** Files by path inside the bundle. */
export type BundleFiles = Record<string, string>;

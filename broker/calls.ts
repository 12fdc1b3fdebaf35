import type { PlanLeaf } from "@/lib/audit/statement-leaf";
import type { Tokens } from "@/lib/sql/lex";
import type { Plan } from "./plan";
import type { BoundValue } from "./protocol/messages";

/** A plan as the main thread keeps it, with the parts of its log records that never change. */
export type KnownPlan = {
  plan: Plan;
  leaf: PlanLeaf;
  /** policy epoch and facts it was made for; a plan of another key is made anew before it is used */
  key: string;
  /** rows of pg_attribute (oid/attnum) that must not be the origin of a result column; null: nothing is masked */
  forbiddenOrigins: Set<string> | null;
};

/** What an upstream's message is about: the client's text and its plan. */
export type Subject = { sql: string; known: KnownPlan };

/** What stays open upstream as the policies of one moment made it: a portal, or a cursor. */
export type Opened = {
  /** the client's text */
  sql: string;
  known: KnownPlan;
  /** snapshot version that it was decided under, or found to be unchanged under */
  decidedUnder: string;
};

/** What a call reads that an earlier one opened. unknown: a cursor that no call of the client's opened by its name. */
export type Rest = { what: "cursor"; opened: Opened; waived: string[] } | { what: "unknown"; sql: string };

/** A prepared statement of the session. A name that is parsed again gets a new object: that is its generation. */
export type Prepared = {
  name: string;
  /** the client's text */
  sql: string;
  known: KnownPlan;
  tokens: Tokens;
  parameterTypes: number[];
  /** what the upstream parsed, after splices */
  upstreamSql: string;
};

/** One run of a statement or batch: from the journal's `opened` to its `closed`. */
export type Call = Opened & {
  entryId: string;
  /** what it reads of earlier calls */
  rests: readonly Rest[];
  /** hold policies that its approval waived */
  waived: string[];
  /** performance.now() */
  startedAt: number;
  /** rows returned or affected so far */
  rows: number;
  /** bytes of rows and COPY data sent to the client */
  bytes: number;
  /** statements of the batch that have finished */
  finished: number;
  sqlstate: string | null;
  approvalId: number | undefined;
  inTransaction: boolean;
  closed: boolean;
};

export type Portal = {
  name: string;
  prepared: Prepared;
  call: Call;
};

/** What is to be run, as the client sent it. */
export type Invocation =
  | { protocol: "simple"; sql: string; decidedUnder: string; tokens: Tokens; frame: Buffer }
  | {
      protocol: "extended";
      sql: string;
      /** snapshot version when the decision began */
      decidedUnder: string;
      tokens: Tokens;
      frame: Buffer;
      portal: string;
      prepared: Prepared;
      parameters: () => BoundValue[];
    };

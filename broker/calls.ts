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

/** A prepared statement of the session. A name that is parsed again gets a new object: that is its generation. */
export type Prepared = {
  name: string;
  /** the client's text */
  sql: string;
  tokens: Tokens;
  parameterTypes: number[];
  known: KnownPlan;
  /** what the upstream parsed, after splices */
  upstreamSql: string;
};

/** One run of a statement or batch: from the journal's `opened` to its `closed`. */
export type Call = {
  entryId: string;
  known: KnownPlan;
  /** the client's text */
  sql: string;
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
  | { protocol: "simple"; sql: string; tokens: Tokens; frame: Buffer }
  | {
      protocol: "extended";
      sql: string;
      tokens: Tokens;
      frame: Buffer;
      portal: string;
      prepared: Prepared;
      parameters: () => BoundValue[];
    };

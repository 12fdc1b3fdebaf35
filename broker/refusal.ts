import type { Decision } from "@/lib/policy/types";
import type { SqlRefusal } from "@/lib/sql/types";
import { encodeError } from "./protocol/encode";
import { sqlstate } from "./protocol/sqlstate";

/** Why a statement does not run, as the client is told (contract: one sentence, DETAIL in JSON, a HINT). */
export type Refusal = {
  sqlstate: string;
  message: string;
  detail?: RefusalDetail;
  hint?: string;
  /** 1-based, in characters of the client's text */
  position?: number;
  approvalId?: number;
};

export type RefusalDetail = {
  decision: "deny" | "hold";
  policies: string[];
  reason: string;
  request?: string;
  url?: string;
  retryAfterSeconds?: number;
};

export function refusalOfSql(refusal: SqlRefusal): Refusal {
  const { message, hint, position } = refusal;
  return {
    sqlstate: refusal.sqlstate,
    message,
    ...(hint === "" ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
  };
}

export function refusalOfDenial(decision: Extract<Decision, { effect: "deny" }>): Refusal {
  const { policies, reason, hint } = decision;
  return {
    sqlstate: decision.sqlstate,
    message: sentence(decision),
    detail: { decision: "deny", policies, reason },
    ...(hint === "" ? {} : { hint }),
  };
}

/** The broker cannot tell whether the statement may run, so it does not. */
export function cannotDecide(reason: string, hint: string): Refusal {
  return {
    sqlstate: sqlstate.cannotDecide,
    message: `cannot decide safely: ${reason}`,
    detail: { decision: "deny", policies: [], reason },
    hint,
  };
}

function sentence(decision: Extract<Decision, { effect: "deny" }>): string {
  switch (decision.sqlstate) {
    case "42501":
      return `denied by policy: ${decision.reason}`;
    case "53400":
      return `budget exceeded: ${decision.reason}`;
    case "ZS003":
      return `cannot decide safely: ${decision.reason}`;
  }
}

/** ErrorResponse of a refusal (contract: message, DETAIL as JSON on one line, HINT). */
export function reportOf(refusal: Refusal): Buffer {
  const { message, detail, hint, position } = refusal;
  return encodeError({
    severity: "ERROR",
    sqlstate: refusal.sqlstate,
    message,
    ...(detail === undefined ? {} : { detail: JSON.stringify(detail) }),
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
  });
}

import type { AnalysisInput } from "@/lib/analysis-types";
import type { Principal, SessionFacts, TimeFacts, UsageFacts } from "@/lib/policy/types";

/** The upstream login that stands in where no session runs; only `$user` in a search path would show it. */
const standInRole = "preview";

export type PreviewedCall = {
  principal: Principal;
  /** registered name */
  database: string;
  sql: string;
  at: Date;
  session?: Partial<SessionFacts>;
  usage?: Partial<UsageFacts>;
};

/** A call as a fresh session of the principal would make it: TLS from this machine, nothing used, no grants. */
export function previewInput({ principal, database, sql, at, session, usage }: PreviewedCall): AnalysisInput {
  return {
    principal,
    database,
    sql,
    session: {
      clientAddress: "127.0.0.1",
      applicationName: "",
      tls: true,
      inTransaction: false,
      breakGlass: false,
      ...session,
    },
    time: timeFacts(at),
    usage: { rowsLastHour: 0, statementsLastHour: 0, ...usage },
    grants: [],
    searchPath: ["$user", "public"],
    role: standInRole,
    overlay: [],
    waived: [],
    kept: {},
    prepared: {},
  };
}

/** UTC; Monday is 1. */
function timeFacts(at: Date): TimeFacts {
  return { epochSeconds: Math.floor(at.getTime() / 1_000), hour: at.getUTCHours(), weekday: at.getUTCDay() || 7 };
}

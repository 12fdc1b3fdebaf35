import type { Tokens } from "@/lib/sql/lex";
import { applySplices } from "@/lib/sql/splices";
import type { Call, Invocation, KnownPlan, Portal } from "./calls";
import { encodeCloseStatement, encodeParse, encodeQuery } from "./protocol/encode-upstream";
import type { Session } from "./session-state";

/** What the upstream gets for a text under a plan: the same text where nothing is masked. */
export function upstreamText(sql: string, tokens: Tokens, known: KnownPlan): string {
  const splices = known.plan.statements.flatMap((statement) => statement.splices);
  return splices.length === 0 ? sql : applySplices(sql, tokens, splices);
}

/** Forwards a Query or a Bind whose record is open. The upstream sees it when the journal has the record. */
export function execute(session: Session, known: KnownPlan, run: { invocation: Invocation; call: Call }): void {
  const { invocation, call } = run;
  call.known = known;
  const text = upstreamText(invocation.sql, invocation.tokens, known);
  if (invocation.protocol === "simple") {
    session.pipeline.expect({ kind: "query", call, report: null });
    session.upstream.send(text === invocation.sql ? invocation.frame : encodeQuery(text));
    return;
  }
  const { prepared, frame } = invocation;
  prepared.known = known;
  if (text !== prepared.upstreamSql) prepareAgain(session, invocation, text);
  const portal: Portal = { name: invocation.portal, prepared, call };
  session.pipeline.objects.portals.propose(portal.name, portal, session.pipeline.segment);
  session.pipeline.expect({ kind: "bind", portal });
  session.upstream.send(frame);
}

/** The masks have changed since Parse: the upstream's statement is replaced by one with those of now. */
function prepareAgain(session: Session, invocation: Extract<Invocation, { protocol: "extended" }>, text: string): void {
  const { prepared } = invocation;
  const { pipeline, upstream } = session;
  if (prepared.name !== "") {
    pipeline.expect({ kind: "close", of: "statement", name: prepared.name, hidden: true });
    upstream.send(encodeCloseStatement(prepared.name));
  }
  pipeline.expect({ kind: "parse", prepared, hidden: true });
  upstream.send(encodeParse(prepared.name, text, prepared.parameterTypes));
  prepared.upstreamSql = text;
}

import type { ApprovalFacts, ApprovalParameter, ApprovalRequest } from "@/lib/approval/types";
import type { Decision } from "@/lib/policy/types";
import type { Call, Invocation, KnownPlan } from "./calls";
import { actorOf } from "./facts";
import type { Session } from "./session-state";

type Asked = { known: KnownPlan; invocation: Invocation; call: Call; estimatedRows: number | null };

/** What the store is told of a held call: everything that the approval is bound to, and what reviewers see. */
export function approvalRequest(
  session: Session,
  { known, invocation, call, estimatedRows }: Asked,
  decision: Extract<Decision, { effect: "hold" }>,
): ApprovalRequest {
  const { plan } = known;
  const { broker, principal, kept, database } = session;
  const labels = new Map(plan.columnLabels.map(({ id, labels: own }) => [id, own]));
  const facts: ApprovalFacts = {
    kind: plan.statements.map((statement) => statement.kind).join(" "),
    tables: plan.tables,
    columns: plan.columns.map((id) => ({ id, labels: labels.get(id) ?? [] })),
    clientAddress: session.clientAddress,
    applicationName: session.applicationName,
    environment: database.labels,
    statementsInBatch: plan.statements.length,
    ...(estimatedRows === null ? {} : { estimatedRows }),
  };
  return {
    principal: actorOf(principal),
    owner: principal.owner ?? null,
    tokenIssuer: session.token.issuer,
    onBehalfOf: kept.onBehalfOf,
    database: database.name,
    statement: invocation.sql,
    parameters: parametersOf(invocation),
    bindingHash: plan.bindingHash,
    terms: decision.terms,
    policies: decision.policies,
    bundleVersion: broker.snapshot.bundleVersion ?? 0,
    reason: decision.reason,
    requestReason: kept.reason,
    inTransaction: call.inTransaction,
    facts,
    brokerId: broker.id,
    sessionId: session.id,
    entryId: call.entryId,
  };
}

function parametersOf(invocation: Invocation): ApprovalParameter[] {
  if (invocation.protocol === "simple") return [];
  const types = invocation.prepared.parameterTypes;
  return invocation.parameters().map(({ format, value }, index) => ({
    type: types[index] ?? 0,
    format,
    value: value?.toString("base64") ?? null,
  }));
}

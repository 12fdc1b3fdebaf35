import { reviewerGroups } from "@/lib/approval/quorum";
import { redact } from "@/lib/sql/shape";
import type { MessageFacts, Transition } from "@/lib/store/deliveries";

/** Whom a message is for: somebody who may decide, whoever asked, or an admin who must help. */
export type Audience = "reviewer" | "requester" | "admin";

/** What every channel says, in parts. INVARIANT: no literal of the statement and no row is in it. */
export type ApprovalMessage = {
  title: string;
  /** one or two sentences */
  lead: string;
  facts: { label: string; value: string }[];
  /** literals replaced */
  statement: string;
  /** a page; opening it decides nothing */
  link: string;
  linkLabel: string;
};

const statementCharactersMax = 1_500;
const tablesMax = 8;

export function approvalMessage(about: {
  facts: MessageFacts;
  transition: Transition;
  audience: Audience;
  consoleUrl: string;
}): ApprovalMessage {
  const { facts, transition, audience, consoleUrl } = about;
  const shape = redact(facts.statement);
  return {
    title: titleOf(facts, transition, audience),
    lead: leadOf(facts, transition, audience),
    facts: factLines(facts, transition),
    statement: shape.length > statementCharactersMax ? `${shape.slice(0, statementCharactersMax)} …` : shape,
    link: `${consoleUrl}/approvals/${facts.approvalId}`,
    linkLabel: audience === "reviewer" && transition === "opened" ? "Review the request" : "Open the request",
  };
}

function titleOf(
  { approvalId, principal, database }: MessageFacts,
  transition: Transition,
  audience: Audience,
): string {
  if (transition !== "opened") return `Request ${approvalId} ${transition}: ${nameOf(principal)} on ${database}`;
  if (audience === "admin") return `Request ${approvalId} cannot be approved by anybody`;
  return audience === "reviewer"
    ? `Approval needed: ${nameOf(principal)} on ${database} (request ${approvalId})`
    : `Request ${approvalId} waits for approval: ${nameOf(principal)} on ${database}`;
}

function leadOf(facts: MessageFacts, transition: Transition, audience: Audience): string {
  const who = nameOf(facts.principal);
  const groups = reviewerGroups(facts.terms).join(" and ");
  const by = facts.reviewers
    .filter(({ vote }) => (transition === "denied" ? vote === "deny" : vote === "approve"))
    .map(({ email }) => email)
    .join(", ");
  switch (transition) {
    case "opened":
      if (audience === "admin") return `${who} asks for something that ${groups} must approve, and no such people can.`;
      return audience === "reviewer"
        ? `${who} wants to run a statement that needs a second person of ${groups}.`
        : `A statement of ${who} is held until ${groups} approve it.`;
    case "approved":
      return `Approved by ${by}. The statement may run once it is sent again, or runs now where its client waits.`;
    case "denied":
      return `Denied by ${by}: ${facts.endReason ?? "no reason given"}`;
    case "expired":
      return "Nobody decided in time. Nothing was run.";
    case "withdrawn":
      return `Withdrawn: ${facts.endReason ?? "the client hung up"}. Nothing was run.`;
    case "superseded":
      return `Superseded: ${facts.endReason ?? "something changed"}. Nothing was run.`;
  }
}

function factLines(facts: MessageFacts, transition: Transition): { label: string; value: string }[] {
  const tables = facts.tables.slice(0, tablesMax).join(", ") + (facts.tables.length > tablesMax ? ", …" : "");
  const lines: [string, string | null][] = [
    ["Who", nameOf(facts.principal)],
    ["Owner", facts.owner],
    ["Says it acts for", facts.onBehalfOf],
    ["Database", facts.database],
    ["Tables", tables || null],
    ["Why it is held", facts.reason || null],
    ["Policies", facts.policies.join(", ")],
    ["Their reason", facts.requestReason],
    ["Severity", facts.severity],
    ["Decide before", transition === "opened" ? timeText(facts.expiresAt) : null],
  ];
  return lines.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

/** `reporting-agent (agent)` or an e-mail. */
function nameOf(principal: string): string {
  const slash = principal.indexOf("/");
  const name = principal.slice(slash + 1);
  return principal.startsWith("agent/") ? `${name} (agent)` : name;
}

function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

import { excludedFromReview } from "@/lib/approval/excluded";
import { reviewerGroups } from "@/lib/approval/quorum";
import { reachable } from "@/lib/approval/reachable";
import { env } from "@/lib/env";
import { enqueue, type JobPayload } from "@/lib/queues";
import {
  adminEmails,
  type MessageFacts,
  messageFacts,
  type NewDelivery,
  peopleByGroup,
  planDeliveries,
  type Transition,
} from "@/lib/store/deliveries";

/**
 * Plans who hears of a transition, and starts the messages. Reviewers and whoever asked hear of a new request;
 * whoever asked hears how it ended; a channel that people share sees both. Nobody is asked to review their own.
 */
export async function notifyApproval({ approvalId, transition }: JobPayload<"notify-approval">): Promise<void> {
  const facts = await messageFacts(approvalId);
  if (facts === null || transitionOf(facts) !== transition) return;
  const planned = await planDeliveries(await recipients(facts, transition));
  for (const { id, channel } of planned) {
    await enqueue(channel === "email" ? "send-email" : "send-slack", { deliveryId: id }, { key: `${id}-1` });
  }
}

/** The transition that people should have heard of by now. */
export function transitionOf({ status }: Pick<MessageFacts, "status">): Transition {
  return status === "pending" ? "opened" : status;
}

/** Whoever asked: the person, or the owner of the agent. */
export function requesterOf({ principal, owner }: MessageFacts): string | null {
  return principal.startsWith("person/") ? principal.slice("person/".length) : owner;
}

/** True where any channel is set up; without one nobody can be told and nothing is planned. */
export function hasChannel(): boolean {
  return env().SMTP_URL !== undefined || env().SLACK_BOT_TOKEN !== undefined;
}

async function recipients(facts: MessageFacts, transition: Transition): Promise<NewDelivery[]> {
  const { SMTP_URL, SLACK_BOT_TOKEN, SLACK_CHANNEL } = env();
  const { approvalId } = facts;
  const deliveries: NewDelivery[] = [];
  if (SLACK_BOT_TOKEN !== undefined && SLACK_CHANNEL !== undefined) {
    deliveries.push({ approvalId, channel: "slack", recipient: SLACK_CHANNEL, transition });
  }
  if (SMTP_URL !== undefined) {
    const emails = transition === "opened" ? await peopleToAsk(facts) : [];
    for (const recipient of new Set([...emails, requesterOf(facts)])) {
      if (recipient !== null) deliveries.push({ approvalId, channel: "email", recipient, transition });
    }
  }
  return deliveries;
}

async function peopleToAsk(facts: MessageFacts): Promise<string[]> {
  const members = await peopleByGroup(reviewerGroups(facts.terms));
  const excluded = excludedFromReview(facts);
  const people = Object.values(members)
    .flat()
    .filter((email) => !excluded.includes(email));
  // Nothing is approved by silence, so a request that nobody can approve is said so to those who can change that.
  const stuck = !reachable({ terms: facts.terms, members, excluded });
  return stuck ? [...people, ...(await adminEmails())] : people;
}

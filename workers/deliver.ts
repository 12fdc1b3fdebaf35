import { excludedFromReview } from "@/lib/approval/excluded";
import { reviewerGroups } from "@/lib/approval/quorum";
import { env } from "@/lib/env";
import { messageOf } from "@/lib/errors";
import { log, withoutPasswords } from "@/lib/log";
import { enqueue } from "@/lib/queues";
import {
  type ClaimedDelivery,
  claimDelivery,
  type MessageFacts,
  messageFacts,
  peopleByGroup,
  recordFailure,
  recordSent,
} from "@/lib/store/deliveries";
import { type ApprovalMessage, type Audience, approvalMessage } from "./approval-message";
import { requesterOf } from "./notify-approval";
import { retryDelaySeconds } from "./retry-delay";

// Longer than any channel's own time limit: after it, nobody can know whether the message went out.
const leaseSeconds = 120;

/** What a channel does with a message. `permanent` errors are not tried again. */
export type SendMessage = (delivery: ClaimedDelivery, message: ApprovalMessage) => Promise<{ reference: string }>;

export class PermanentFailure extends Error {}

/**
 * Sends one planned message: claims it, sends it outside any transaction, records what came of it, and arranges the
 * next attempt. Never throws for what a channel does, so that the queue's own retries do not add to ours.
 */
export async function deliver(deliveryId: string, send: SendMessage): Promise<void> {
  const delivery = await claimDelivery({ id: deliveryId, leaseSeconds });
  if (delivery === null) return;
  const facts = await messageFacts(delivery.approvalId);
  if (facts === null) return;
  const { transition } = delivery;
  const audience = await audienceOf(facts, delivery);
  const message = approvalMessage({ facts, transition, audience, consoleUrl: env().CONSOLE_URL });
  let reference: string;
  try {
    ({ reference } = await send(delivery, message));
  } catch (error) {
    await fail(delivery, error);
    return;
  }
  await recordSent(delivery, reference);
}

async function fail(delivery: ClaimedDelivery, error: unknown): Promise<void> {
  const permanent = error instanceof PermanentFailure;
  const retrySeconds = permanent ? null : retryDelaySeconds(delivery.attempts, Math.random());
  const text = withoutPasswords(messageOf(error));
  log("deliver").warn(
    { delivery: delivery.id, channel: delivery.channel, attempts: delivery.attempts, error: text },
    "a message was not sent",
  );
  await recordFailure(delivery, { error: text, retrySeconds });
  if (retrySeconds === null) return;
  const queue = delivery.channel === "email" ? "send-email" : "send-slack";
  const options = { key: `${delivery.id}-${delivery.attempts + 1}`, delayMs: Math.ceil(retrySeconds * 1_000) };
  await enqueue(queue, { deliveryId: delivery.id }, options).catch((reason: Error) => {
    log("deliver").warn({ error: reason.message }, "the next attempt was not queued; the sweep will find it");
  });
}

async function audienceOf(facts: MessageFacts, { channel, recipient }: ClaimedDelivery): Promise<Audience> {
  if (channel === "slack") return "reviewer";
  if (recipient === requesterOf(facts)) return "requester";
  const reviewers = Object.values(await peopleByGroup(reviewerGroups(facts.terms))).flat();
  return reviewers.includes(recipient) && !excludedFromReview(facts).includes(recipient) ? "reviewer" : "admin";
}

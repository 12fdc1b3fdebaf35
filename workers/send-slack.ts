import { ErrorCode, WebClient } from "@slack/web-api";

import { env, requireSetting } from "@/lib/env";
import type { JobPayload } from "@/lib/queues";
import { sentReference } from "@/lib/store/deliveries";
import type { ApprovalMessage } from "./approval-message";
import { deliver, PermanentFailure, type SendMessage } from "./deliver";

const timeoutMs = 10_000;
const sectionCharactersMax = 2_800;

// https://docs.slack.dev/reference/methods/chat.postMessage: what trying again cannot mend.
const permanentErrors = new Set([
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "invalid_auth",
  "account_inactive",
  "token_revoked",
  "missing_scope",
  "invalid_blocks",
  "msg_too_long",
]);

/** Posts one planned message. */
export async function sendSlack({ deliveryId }: JobPayload<"send-slack">): Promise<void> {
  await deliver(deliveryId, send);
}

const send: SendMessage = async (delivery, message) => {
  const { SLACK_API_URL } = env();
  const client = new WebClient(requireSetting("SLACK_BOT_TOKEN"), {
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(SLACK_API_URL === undefined ? {} : { slackApiUrl: SLACK_API_URL }),
  });
  // How it ended goes under the message that announced it.
  const { approvalId } = delivery;
  const opened =
    delivery.transition === "opened"
      ? null
      : await sentReference({ approvalId, channel: "slack", transition: "opened" });
  try {
    const answer = await client.chat.postMessage({
      channel: delivery.recipient,
      text: `${escapeSlack(message.title)} ${message.link}`,
      blocks: blocksOf(message),
      unfurl_links: false,
      unfurl_media: false,
      ...(opened === null ? {} : { thread_ts: opened.slice(opened.indexOf(":") + 1) }),
    });
    return { reference: `${answer.channel ?? delivery.recipient}:${answer.ts ?? ""}` };
  } catch (error) {
    const reason = platformError(error);
    throw reason !== null && permanentErrors.has(reason) ? new PermanentFailure(`Slack refused: ${reason}`) : error;
  }
};

function blocksOf(message: ApprovalMessage) {
  const facts = message.facts.map(({ label, value }) => `*${escapeSlack(label)}:* ${escapeSlack(value)}`).join("\n");
  const statement = escapeSlack(message.statement).replaceAll("```", "` ` `");
  const section = (text: string) => ({
    type: "section",
    text: { type: "mrkdwn", text: text.slice(0, sectionCharactersMax) },
  });
  return [
    section(`*${escapeSlack(message.title)}*\n${escapeSlack(message.lead)}`),
    section(facts),
    section(`\`\`\`${statement.slice(0, sectionCharactersMax - 10)}\`\`\``),
    {
      type: "actions",
      elements: [{ type: "button", url: message.link, text: { type: "plain_text", text: message.linkLabel } }],
    },
  ];
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping: three characters, nothing else. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function platformError(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error) || error.code !== ErrorCode.PlatformError)
    return null;
  const { data } = error as { data?: { error?: string } };
  return data?.error ?? null;
}

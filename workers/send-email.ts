import { createTransport, type Transporter } from "nodemailer";

import { env, requireSetting } from "@/lib/env";
import type { JobPayload } from "@/lib/queues";
import { approvalMail } from "./approval-mail";
import { deliver, PermanentFailure, type SendMessage } from "./deliver";

const connectTimeoutMs = 10_000;
const socketTimeoutMs = 30_000;
const connectionsMax = 2;

let transport: { url: string; transporter: Transporter } | undefined;

/** Sends one planned mail. */
export async function sendEmail({ deliveryId }: JobPayload<"send-email">): Promise<void> {
  await deliver(deliveryId, send);
}

/** Closes the connections to the mail server. */
export function closeMail(): void {
  transport?.transporter.close();
  transport = undefined;
}

const send: SendMessage = async (delivery, message) => {
  const { subject, text, html } = approvalMail(message);
  // The same id for every attempt: a server or reader that sees it twice can tell.
  const messageId = `<${delivery.id}@${new URL(env().CONSOLE_URL).hostname}>`;
  try {
    await mailTransport().sendMail({
      from: env().MAIL_FROM,
      to: delivery.recipient,
      subject,
      text,
      html,
      messageId,
      headers: { "Auto-Submitted": "auto-generated", "X-Countersign-Request": String(delivery.approvalId) },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } catch (error) {
    throw isPermanent(error) ? new PermanentFailure((error as Error).message) : error;
  }
  return { reference: messageId };
};

function mailTransport(): Transporter {
  const url = requireSetting("SMTP_URL");
  if (transport?.url !== url) {
    closeMail();
    const transporter = createTransport({
      url,
      pool: true,
      maxConnections: connectionsMax,
      connectionTimeout: connectTimeoutMs,
      greetingTimeout: connectTimeoutMs,
      socketTimeout: socketTimeoutMs,
    });
    transport = { url, transporter };
  }
  return transport.transporter;
}

/** RFC 5321 §4.2.1: 5yz is a permanent negative reply. A wrong password is one that an admin can mend. */
function isPermanent(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  return typeof responseCode === "number" && responseCode >= 500 && code !== "EAUTH";
}

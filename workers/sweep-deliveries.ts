import { log } from "@/lib/log";
import { dueDeliveries, markUnknownDeliveries, untoldTransitions } from "@/lib/store/deliveries";
import { hasChannel, notifyApproval } from "./notify-approval";
import { sendEmail } from "./send-email";
import { sendSlack } from "./send-slack";

const batchRows = 100;
/** How long a nudge may be on its way before the sweep does its work. */
const nudgeSecondsMax = 20;

/**
 * Does what lost jobs would have done: plans messages of transitions that nobody heard of, sends those whose time
 * has come, and marks those whose worker died in the middle of sending.
 */
export async function sweepDeliveries(): Promise<void> {
  if (!hasChannel()) return;
  const unknown = await markUnknownDeliveries();
  if (unknown > 0) log("workers").warn({ unknown }, "messages whose sending was interrupted");
  for (const transition of await untoldTransitions(nudgeSecondsMax)) await notifyApproval(transition);
  for (const { id, channel } of await dueDeliveries(batchRows)) {
    if (channel === "email") await sendEmail({ deliveryId: id });
    else await sendSlack({ deliveryId: id });
  }
}

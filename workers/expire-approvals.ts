import { log } from "@/lib/log";
import { expireDue } from "@/lib/store/expire-approvals";
import { deleteExpiredSessions } from "@/lib/store/sessions";

/** Writes down what the clock has ended, so that people hear of it. */
export async function expireApprovals(): Promise<void> {
  const { expired, lapsed } = await expireDue();
  if (expired + lapsed > 0) log("workers").info({ expired, lapsed }, "requests ended by the clock");
  await deleteExpiredSessions();
}

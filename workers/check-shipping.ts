import { type JournalHealth, journalHealthSchema } from "@/lib/audit/journal-health";
import { withTransaction } from "@/lib/db";
import { log } from "@/lib/log";
import { type AlarmName, clearAlarm, raiseAlarm } from "@/lib/store/audit-alarms";
import { type Heartbeat, listHeartbeats } from "@/lib/store/heartbeats";

/** A broker that is alive and has had something to ship for longer than this is behind. */
const behindMsMax = 60_000;
/** Brokers beat every few seconds; one that stopped in order takes its heartbeat away. */
const silentMsMax = 60_000;

type Finding = { alarm: AlarmName; message: string | null };

/**
 * Looks at every broker's heartbeat and records an alarm where its journal does not arrive, cannot be written, or
 * nobody hears of the broker any more; clears it when that is over. Gaps are recorded by the shipment that finds them.
 */
export async function checkShipping(now: Date = new Date()): Promise<void> {
  for (const heartbeat of await listHeartbeats()) {
    if (!heartbeat.id.startsWith("broker/")) continue;
    for (const finding of findingsOf(heartbeat, now)) await settle(heartbeat.id, finding);
  }
}

/** One finding per alarm; a null message means that all is well. */
export function findingsOf(heartbeat: Heartbeat, now: Date): Finding[] {
  const silentMs = now.getTime() - heartbeat.at.getTime();
  const silent = silentMs > silentMsMax ? `last heard of ${Math.round(silentMs / 1_000)} s ago` : null;
  const findings: Finding[] = [{ alarm: "broker-silent", message: silent }];
  const journal = journalHealthSchema.safeParse(heartbeat.details.journal);
  // What a silent broker last said is no longer news.
  if (silent !== null || !journal.success) return findings;
  return [
    ...findings,
    { alarm: "journal-backlog", message: backlogOf(journal.data) },
    { alarm: "journal-unwritable", message: journal.data.fault },
  ];
}

function backlogOf({ behindMs, sequence, shipped, storeError }: JournalHealth): string | null {
  if (behindMs <= behindMsMax) return null;
  const why = storeError === null ? "" : ` (${storeError})`;
  return `${sequence - shipped} records have been waiting for up to ${Math.round(behindMs / 1_000)} s${why}`;
}

async function settle(subject: string, { alarm, message }: Finding): Promise<void> {
  const common = { actor: "system/workers", alarm, subject, brokerId: subject.slice("broker/".length) };
  const changed = await withTransaction((tx) =>
    message === null ? clearAlarm(tx, common) : raiseAlarm(tx, { ...common, message }),
  );
  if (changed && message !== null) log("workers").error({ alarm, subject }, message);
}

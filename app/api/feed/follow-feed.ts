import { can, type Permission } from "@/lib/access/permissions";
import type { Filter } from "@/lib/audit/parse-filter";
import { messageOf } from "@/lib/errors";
import type { EventSink } from "@/lib/http-stream";
import { log } from "@/lib/log";
import { readFeedBatch } from "@/lib/store/feed";
import { watchFeed } from "@/lib/store/feed-tail";
import { findSession } from "@/lib/store/sessions";

/** How long a session that ended, or a person who was disabled, may go on watching. */
const recheckMs = 15_000;

/** Sends what the log gains after a position, as it comes, until the stream ends. */
export function followFeed({ sink, filter, from }: { sink: EventSink; filter: Filter; from: string }): void {
  let position = from;
  let busy = false;
  let again = true;

  async function tell(): Promise<void> {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again) {
        again = false;
        const batch = await readFeedBatch({ filter, after: position });
        if (batch.position === position) continue;
        position = batch.position;
        // Sent without rows too: the browser resumes from the last id that it saw.
        sink.send({ name: "statements", id: position, data: { rows: batch.rows, skipped: batch.skipped } });
        again ||= !batch.last;
      }
    } catch (error) {
      log("feed").warn({ error: messageOf(error) }, "the live feed ended; browsers reconnect and resume");
      sink.end();
    } finally {
      busy = false;
    }
  }

  sink.onEnd(watchFeed(() => void tell()));
  void tell();
}

/** Ends the stream when whoever watches is signed out, disabled or loses the permission. */
export function endWithSession({
  sink,
  token,
  permission,
}: {
  sink: EventSink;
  token: string;
  permission: Permission;
}): void {
  const timer = setInterval(async () => {
    const session = await findSession(token).catch(() => undefined);
    // Undefined: the store is away, which is no reason to think that the session ended.
    if (session === null || (session !== undefined && !can(session.person.role, permission))) sink.end();
  }, recheckMs);
  sink.onEnd(() => clearInterval(timer));
}

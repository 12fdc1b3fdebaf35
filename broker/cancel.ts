import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Broker } from "./broker";
import { type CancelKey, hashOfCancelKey } from "./cancel-keys";
import type { Session } from "./session-state";
import { cancelUpstream } from "./upstream";

/** A CancelRequest: for a session here, or passed on to the other brokers. Nothing is answered (protocol-flow §54.2.9). */
export function requestCancel(broker: Broker, key: CancelKey): void {
  if (broker.cancels.cancel(key)) return;
  broker.bus.publish("cancel", { key: hashOfCancelKey(key) }).catch((error) => {
    log("broker").warn({ error: messageOf(error) }, "a cancel request was not passed on");
  });
}

/** Ends a hold that waits, or asks the upstream to stop what it runs. */
export function cancelSession(session: Session): void {
  if (session.phase === "ended") return;
  if (session.interrupt !== null) session.interrupt("cancelled");
  else if (session.pipeline.current !== null) void cancelUpstream(session.upstream.upstream);
}

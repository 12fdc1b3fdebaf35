import type { AuditEventOf } from "@/lib/audit/event";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Broker } from "./broker";

type Claimed = { address: string; parameters: Map<string, string> };
type Refused = { sqlstate: string; message: string; cause: AuditEventOf<"session.refused">["cause"] };

const claimedCharactersMax = 256;

/** A start-up that did not become a session. What the client claimed is kept as it was, cut to a length. */
export function recordRefused(broker: Broker, claimed: Claimed, refused: Refused): void {
  const said = (name: string): string => (claimed.parameters.get(name) ?? "").slice(0, claimedCharactersMax);
  try {
    broker.journal.append({
      kind: "session.refused",
      actor: "system/broker",
      brokerId: broker.id,
      address: claimed.address,
      application: said("application_name"),
      claimedUser: said("user"),
      claimedDatabase: said("database"),
      sqlstate: refused.sqlstate,
      cause: refused.cause,
      detail: refused.message,
    });
    broker.flusher.schedule();
  } catch (error) {
    log("broker").error({ error: messageOf(error) }, "a refused connection was not recorded");
  }
}

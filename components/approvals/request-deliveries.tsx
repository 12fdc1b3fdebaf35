import { RelativeTime } from "@/components/ui/relative-time";
import type { RequestDetail } from "@/lib/approval/inbox-view";

/** Who was told, how, and whether it arrived. */
export function RequestDeliveries({ request }: { request: RequestDetail }) {
  if (request.deliveries.length === 0) return null;
  return (
    <section>
      <h3 className="overline-label mb-2">Told</h3>
      <ul className="flex flex-col gap-1 text-xs">
        {request.deliveries.map((delivery) => (
          <li
            key={`${delivery.channel} ${delivery.recipient} ${delivery.transition}`}
            className="flex items-baseline gap-2 text-ink-muted"
          >
            <span className="min-w-0 flex-1 truncate">
              <span className="text-ink">{delivery.recipient}</span> that it was {delivery.transition}, by{" "}
              {delivery.channel}
            </span>
            {delivery.status === "failed" ? (
              <span className="text-deny" title={delivery.lastError ?? undefined}>
                failed after {delivery.attempts}
              </span>
            ) : delivery.sentAt === null ? (
              <span>{delivery.status}</span>
            ) : (
              <RelativeTime at={delivery.sentAt} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

import { Ban, CircleCheck, CircleDashed } from "lucide-react";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RequestDetail } from "@/lib/approval/inbox-view";

/** Whose signatures it takes, and who has signed. */
export function RequestSignatures({ request }: { request: RequestDetail }) {
  const { seats, reviews, status } = request;
  const counted = reviews.filter((review) => review.counts);
  const earlier = reviews.length - counted.length;
  return (
    <section>
      <h3 className="overline-label mb-2">Signatures</h3>
      <ul className="flex flex-col gap-2 text-sm">
        {counted.map((review) => (
          <li key={review.email} className="flex items-start gap-2">
            {review.vote === "approve" ? (
              <CircleCheck className="mt-0.5 size-4 shrink-0 text-allow" aria-hidden />
            ) : (
              <Ban className="mt-0.5 size-4 shrink-0 text-deny" aria-hidden />
            )}
            <div className="min-w-0">
              <span className="font-medium">{review.name}</span>{" "}
              <span className="text-ink-muted">
                {review.vote === "approve" ? "approved" : "denied"} for {review.groups.join(", ")}
                {review.channel === "console" ? "" : ` by ${review.channel}`},{" "}
              </span>
              <RelativeTime at={review.at} className="text-ink-muted" />
              {review.reason === "" ? null : <p className="text-ink-muted wrap-anywhere">“{review.reason}”</p>}
            </div>
          </li>
        ))}
        {status === "pending"
          ? seats
              .filter((seat) => seat.missing > 0)
              .map((seat) => (
                <li key={seat.group} className="flex items-center gap-2 text-ink-muted">
                  <CircleDashed className="size-4 shrink-0 text-hold" aria-hidden />
                  {seat.missing === 1 ? "One person" : `${seat.missing} people`} of{" "}
                  <span className="font-medium text-ink">{seat.group}</span>
                </li>
              ))
          : null}
      </ul>
      {reviews.length === 0 && status !== "pending" ? (
        <p className="text-sm text-ink-muted">Nobody had signed when it ended.</p>
      ) : null}
      {earlier > 0 ? (
        <p className="mt-2 text-xs text-ink-faint">
          {earlier} earlier {earlier === 1 ? "vote was" : "votes were"} cast on another version and no longer count.
        </p>
      ) : null}
    </section>
  );
}

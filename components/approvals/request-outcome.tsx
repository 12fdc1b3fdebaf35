import { Callout } from "@/components/ui/callout";
import { formatCount, formatDuration } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RequestDetail } from "@/lib/approval/inbox-view";

/** How it ended: who stopped it and why, or what ran. */
export function RequestOutcome({ request }: { request: RequestDetail }) {
  const { status, use, outcome, endReason } = request;
  if (status === "pending") return null;
  if (status === "denied")
    return (
      <Callout tone="deny" title="Denied">
        {endReason}
      </Callout>
    );
  if (status !== "approved") {
    return (
      <Callout title={endedTitles[status] ?? "Ended"}>
        <span className="block first-letter:uppercase">{endReason ?? endedTexts[status]}</span>
      </Callout>
    );
  }
  if (outcome !== null) return <Ran outcome={outcome} durationMs={ranMs(request)} usedAt={request.usedAt} />;
  if (use === "used") {
    return (
      <Callout tone="hold" title="Used, and the outcome is not known yet">
        The statement was sent to the database. If this stays, the broker ended before it saw the result.
      </Callout>
    );
  }
  if (use === "unused" && request.lapsesAt !== null) {
    return (
      <Callout tone="allow" title="Approved, not used yet">
        The same call runs when it is sent again. The approval lapses <RelativeTime at={request.lapsesAt} />.
      </Callout>
    );
  }
  return (
    <Callout title={use === "lapsed" ? "Approved, and lapsed unused" : "Approved, and revoked"}>{endReason}</Callout>
  );
}

const endedTitles: Partial<Record<RequestDetail["status"], string>> = {
  expired: "Expired",
  withdrawn: "Withdrawn",
  superseded: "Superseded",
};
const endedTexts: Partial<Record<RequestDetail["status"], string>> = {
  expired: "Nobody decided in time. Silence is a no.",
  withdrawn: "The client gave up or hung up.",
  superseded: "What it was for is no longer what would run.",
};

/** The outcome counts from the call; what it waited for the signatures is not the statement's. */
function ranMs({ outcome, createdAt, usedAt }: RequestDetail): number {
  const whole = outcome?.durationMs ?? 0;
  const waited = usedAt === null ? 0 : Date.parse(usedAt) - Date.parse(createdAt);
  return whole > waited ? whole - waited : whole;
}

type RanProps = { outcome: NonNullable<RequestDetail["outcome"]>; durationMs: number; usedAt: string | null };

function Ran({ outcome, durationMs, usedAt }: RanProps) {
  const rows = outcome.rows === null ? "" : `${formatCount(outcome.rows)} ${outcome.rows === 1 ? "row" : "rows"}, `;
  const when = usedAt === null ? null : <RelativeTime at={usedAt} />;
  if (outcome.outcome === "ok") {
    return (
      <Callout tone="allow" title="Approved and run">
        {rows}
        {formatDuration(durationMs)}, {when}
      </Callout>
    );
  }
  return outcome.outcome === "error" ? (
    <Callout tone="deny" title={`Approved; the database answered with error ${outcome.sqlstate ?? ""}`}>
      After {formatDuration(durationMs)}, {when}
    </Callout>
  ) : (
    <Callout tone="hold" title="Approved and sent; the outcome is unknown">
      The connection ended before the result was seen. The approval is used up.
    </Callout>
  );
}

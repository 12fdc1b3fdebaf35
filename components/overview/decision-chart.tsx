"use client";

import { clsx } from "clsx";
import { useState } from "react";
import { formatCount } from "@/components/ui/format-time";

export type ChartBucket = { at: string; allow: number; hold: number; deny: number };

/** A bar is never lower than this where it stands for something. */
const visiblePercentMin = 2.5;

type DecisionChartProps = {
  buckets: ChartBucket[];
  bucketSeconds: number;
};

/** Statements by decision over time: what was allowed in grey, what was held or denied on top and in colour. */
export function DecisionChart({ buckets, bucketSeconds }: DecisionChartProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const most = niceMaximum(Math.max(1, ...buckets.map(total)));
  const bucket = pointed === null ? undefined : buckets[pointed];
  return (
    <figure className="m-0">
      <div aria-hidden className="relative flex h-36 items-end gap-px" onPointerLeave={() => setPointed(null)}>
        <GridLine share={1} label={formatCount(most)} />
        <GridLine share={0.5} label={formatCount(most / 2)} />
        {buckets.map((each, index) => (
          <div
            key={each.at}
            onPointerEnter={() => setPointed(index)}
            className={clsx("relative flex h-full flex-1 flex-col justify-end", pointed === index && "bg-hover")}
          >
            <Bar share={each.deny / most} className="bg-deny-solid" />
            <Bar share={each.hold / most} className="bg-hold-solid" />
            <Bar share={each.allow / most} className="bg-line-strong/55" />
          </div>
        ))}
      </div>
      <div
        aria-hidden
        className="numeric flex h-6 items-end justify-between border-t border-line pt-1 text-2xs text-ink-faint"
      >
        {bucket === undefined ? (
          axisTimes(buckets).map((at) => <span key={at}>{shortTime(at, bucketSeconds)}</span>)
        ) : (
          <span className="text-ink-muted">{describe(bucket, bucketSeconds)}</span>
        )}
      </div>
      <table className="sr-only">
        <caption>Statements by decision over time</caption>
        <thead>
          <tr>
            <th>From, UTC</th>
            <th>Allowed</th>
            <th>Held</th>
            <th>Denied</th>
          </tr>
        </thead>
        <tbody>
          {buckets
            .filter((each) => total(each) > 0)
            .map((each) => (
              <tr key={each.at}>
                <td>{each.at.slice(0, 16).replace("T", " ")}</td>
                <td>{each.allow}</td>
                <td>{each.hold}</td>
                <td>{each.deny}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </figure>
  );
}

function Bar({ share, className }: { share: number; className: string }) {
  return share === 0 ? null : (
    <div className={clsx("mx-px", className)} style={{ height: `${Math.max(share * 100, visiblePercentMin)}%` }} />
  );
}

function GridLine({ share, label }: { share: number; label: string }) {
  return (
    <div className="absolute inset-x-0 border-t border-line" style={{ bottom: `${share * 100}%` }}>
      <span className="numeric absolute top-0.5 left-0 text-2xs text-ink-faint">{label}</span>
    </div>
  );
}

function total({ allow, hold, deny }: ChartBucket): number {
  return allow + hold + deny;
}

/** 1, 2 or 5 times a power of ten, even, so that half of it is a whole number. */
export function niceMaximum(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * power >= value) ?? 10;
  return Math.max(2, step * power);
}

function axisTimes(buckets: ChartBucket[]): string[] {
  const count = 6;
  return Array.from(
    { length: count },
    (_, index) => buckets[Math.floor((index * (buckets.length - 1)) / (count - 1))]?.at,
  ).filter((at) => at !== undefined);
}

function shortTime(at: string, bucketSeconds: number): string {
  return bucketSeconds >= 14_400 ? at.slice(5, 10) : at.slice(11, 16);
}

function describe(bucket: ChartBucket, bucketSeconds: number): string {
  const end = new Date(Date.parse(bucket.at) + bucketSeconds * 1_000).toISOString();
  const span =
    bucketSeconds >= 86_400
      ? bucket.at.slice(0, 10)
      : `${bucket.at.slice(5, 16).replace("T", " ")}–${end.slice(11, 16)} UTC`;
  return `${span}   ${bucket.allow} allowed, ${bucket.hold} held, ${bucket.deny} denied`;
}

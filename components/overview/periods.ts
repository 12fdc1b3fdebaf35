/** The periods that the overview can show. A bucket is one bar of the chart. */
export const periods = [
  { id: "1h", label: "1 hour", seconds: 3_600, bucketSeconds: 60 },
  { id: "24h", label: "24 hours", seconds: 86_400, bucketSeconds: 1_800 },
  { id: "7d", label: "7 days", seconds: 604_800, bucketSeconds: 14_400 },
  { id: "30d", label: "30 days", seconds: 2_592_000, bucketSeconds: 86_400 },
] as const;

export type Period = (typeof periods)[number];

/** The period of an address; 24 hours where it names none. */
export function parsePeriod(text: string | undefined): Period {
  return periods.find((period) => period.id === text) ?? periods[1];
}

/** Begin and end, at whole buckets, so that bars stay where they are while time passes. Half-open. */
export function boundsOf(period: Period, now: Date): { from: Date; to: Date } {
  const bucketMs = period.bucketSeconds * 1_000;
  const to = Math.floor(now.getTime() / bucketMs) * bucketMs + bucketMs;
  return { from: new Date(to - period.seconds * 1_000), to: new Date(to) };
}

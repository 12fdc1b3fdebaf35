const secondsPerUnit = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const durationSecondsMax = 366 * 86_400;

/** Seconds of "120s", "30m", "4h" or "7d"; null for anything else, or for more than a year. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,8})([smhd])$/.exec(text);
  if (!match) return null;
  const seconds = Number(match[1]) * secondsPerUnit[match[2] as keyof typeof secondsPerUnit];
  return seconds <= durationSecondsMax ? seconds : null;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** "just now", "42 s ago", "3 min ago", "in 12 min", "5 h ago", "yesterday", "6 days ago", then the date. Epoch ms. */
export function formatRelative(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  const size = Math.abs(seconds);
  const phrase = (amount: string) => (seconds < 0 ? `in ${amount}` : `${amount} ago`);
  if (size < 5) return seconds < 0 ? "in a moment" : "just now";
  if (size < minute) return phrase(`${size} s`);
  if (size < hour) return phrase(`${Math.floor(size / minute)} min`);
  if (size < day) return phrase(`${Math.floor(size / hour)} h`);
  if (size < 2 * day) return seconds < 0 ? "tomorrow" : "yesterday";
  if (size < 14 * day) return phrase(`${Math.floor(size / day)} days`);
  return new Date(at).toISOString().slice(0, 10);
}

/** "2026-11-22 15:31:04.123 UTC". */
export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().replace("T", " ").replace("Z", "")} UTC`;
}

/** "15:31:04" in UTC, with the milliseconds where asked. */
export function formatClock(at: number, options: { milliseconds?: boolean } = {}): string {
  return new Date(at).toISOString().slice(11, options.milliseconds ? 23 : 19);
}

/** "0.4 ms", "38 ms", "1.2 s", "4 min 10 s", "2 h 5 min". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < minute) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < hour) return `${Math.floor(whole / minute)} min${whole % minute ? ` ${whole % minute} s` : ""}`;
  if (whole < day) {
    const rest = Math.floor((whole % hour) / minute);
    return `${Math.floor(whole / hour)} h${rest ? ` ${rest} min` : ""}`;
  }
  return `${Math.floor(whole / day)} days`;
}

/** 12,304 everywhere, whatever the browser's locale, so that server and browser agree. */
export function formatCount(value: number | bigint): string {
  return value.toLocaleString("en-US");
}

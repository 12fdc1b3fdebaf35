import { InvalidArgumentError, Option } from "commander";

import { parseDuration } from "@/lib/policy/durations";

/** Collects a repeatable option into a list. */
export function repeatable(flags: string, description: string): Option {
  const collect = (value: string, list: string[]) => [...list, value];
  return new Option(flags, description).argParser(collect).default([], "none");
}

/** `24h`, `30m`, `7d` as seconds. */
export function secondsOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const seconds = parseDuration(text);
    if (seconds === null || seconds <= 0) throw new InvalidArgumentError("write a time like 30m, 24h or 7d");
    return seconds;
  });
}

/** A date or date and time, read as UTC. */
export function timeOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const time = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
    if (Number.isNaN(time.getTime()))
      throw new InvalidArgumentError("write a time like 2026-01-31 or 2026-01-31T12:00:00Z");
    return time;
  });
}

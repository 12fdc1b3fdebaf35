/** A seeded source of choices: the same seed gives the same shop, on every machine. */
export type Random = {
  /** in [0, 1) */
  fraction(): number;
  /** whole number, both ends included */
  between(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  /** `count` random digits */
  digits(count: number): string;
  chance(probability: number): boolean;
  /** a moment between two ISO dates, as an ISO string in UTC */
  moment(from: string, to: string): string;
};

/** Mulberry32: 32 bits of state, plenty for a sample database and nothing else. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number): number => low + Math.floor(fraction() * (high - low + 1));
  return {
    fraction,
    between,
    pick: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
    digits: (count) => Array.from({ length: count }, () => between(0, 9)).join(""),
    chance: (probability) => fraction() < probability,
    moment: (from, to) => {
      const [start, end] = [Date.parse(from), Date.parse(to)];
      return new Date(start + Math.floor(fraction() * (end - start))).toISOString();
    },
  };
}

/** UUID version 7 (RFC 9562 §5.7) in creation order, so that the sequencer can keep what one writer wrote in order. */

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const poolBytes = 4_096;
const randomBytesPerId = 8;
const counterMax = 0xfff;

export type EventIdSource = {
  /** epoch milliseconds */
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
};

/**
 * Returns a maker of ids, each greater than the one before as text, whatever the clock does.
 * Within a millisecond the 12 bits after the version count up; 62 bits are random.
 */
export function eventIds({ now, randomBytes }: EventIdSource): () => string {
  let pool = randomBytes(poolBytes);
  let used = 0;
  let lastMs = 0;
  let counter = 0;
  let timePrefix = "";

  return () => {
    const ms = now();
    if (ms > lastMs) {
      lastMs = ms;
      counter = 0;
      timePrefix = timeHex(ms);
    } else if (++counter > counterMax) {
      lastMs += 1;
      counter = 0;
      timePrefix = timeHex(lastMs);
    }
    if (used + randomBytesPerId > pool.length) {
      pool = randomBytes(poolBytes);
      used = 0;
    }
    const b = pool;
    const at = used;
    used += randomBytesPerId;
    return (
      `${timePrefix}-${hex[0x70 | (counter >>> 8)]}${hex[counter & 0xff]}-` +
      `${hex[0x80 | (b[at]! & 0x3f)]}${hex[b[at + 1]!]}-` +
      `${hex[b[at + 2]!]}${hex[b[at + 3]!]}${hex[b[at + 4]!]}${hex[b[at + 5]!]}${hex[b[at + 6]!]}${hex[b[at + 7]!]}`
    );
  };
}

/** `tttttttt-tttt`: 48 bits of milliseconds. */
function timeHex(ms: number): string {
  const text = ms.toString(16).padStart(12, "0");
  return `${text.slice(0, 8)}-${text.slice(8)}`;
}

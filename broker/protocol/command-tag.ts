const zero = 0x30;
const nine = 0x39;
const space = 0x20;

/**
 * Rows of a CommandComplete frame: the last word of its tag where that is a number (`SELECT 5`, `INSERT 0 1`),
 * otherwise 0. Read from the bytes, because every statement comes through here.
 */
export function rowsOfTag(frame: Buffer): number {
  let rows = 0;
  let factor = 1;
  for (let index = frame.length - 2; index >= 5; index--) {
    const byte = frame[index]!;
    if (byte === space) return factor === 1 ? 0 : rows;
    if (byte < zero || byte > nine) return 0;
    rows += (byte - zero) * factor;
    factor *= 10;
  }
  return 0;
}

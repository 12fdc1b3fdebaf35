/** The columns of a whole DataRow frame whose values are text; null is NULL. */
export function readTextRow(frame: Buffer): (string | null)[] {
  const columns = frame.readInt16BE(5);
  const row: (string | null)[] = [];
  let offset = 7;
  for (let index = 0; index < columns; index++) {
    const length = frame.readInt32BE(offset);
    offset += 4;
    row.push(length < 0 ? null : frame.toString("utf8", offset, offset + length));
    if (length > 0) offset += length;
  }
  return row;
}

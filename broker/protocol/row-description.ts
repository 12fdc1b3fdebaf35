/** `tableOid/attributeNumber` of each column of a RowDescription frame; `0/0` where it comes from no column. */
export function readRowOrigins(frame: Buffer): string[] {
  const count = frame.readInt16BE(5);
  const origins: string[] = [];
  let offset = 7;
  for (let index = 0; index < count; index++) {
    const end = frame.indexOf(0, offset);
    if (end < 0 || end + 19 > frame.length) throw new RangeError("the upstream sent a malformed RowDescription");
    origins.push(`${frame.readUInt32BE(end + 1)}/${frame.readInt16BE(end + 5)}`);
    offset = end + 19;
  }
  return origins;
}

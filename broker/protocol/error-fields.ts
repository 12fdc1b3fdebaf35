/** Fields of an ErrorResponse or NoticeResponse, by their one-letter code, in the order they came. */
export type ErrorFields = Map<string, string>;

/** Reads a whole frame. Malformed fields end the list: the upstream's bytes are not trusted. */
export function readErrorFields(frame: Buffer): ErrorFields {
  const fields: ErrorFields = new Map();
  let offset = 5;
  while (offset < frame.length && frame[offset] !== 0) {
    const end = frame.indexOf(0, offset + 1);
    if (end < 0) break;
    fields.set(String.fromCharCode(frame[offset]!), frame.toString("utf8", offset + 1, end));
    offset = end + 1;
  }
  return fields;
}

export function encodeErrorFields(type: "E" | "N", fields: ErrorFields): Buffer {
  const body: Buffer[] = [];
  for (const [code, value] of fields) body.push(Buffer.from(`${code}${value}\0`, "utf8"));
  body.push(Buffer.of(0));
  const joined = Buffer.concat(body);
  const header = Buffer.allocUnsafe(5);
  header[0] = type.charCodeAt(0);
  header.writeInt32BE(joined.length + 4, 1);
  return Buffer.concat([header, joined]);
}

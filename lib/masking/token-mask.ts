import type { ColumnType, PartialMask } from "./column-type";

/** A shorter key is no key. */
const keyLengthMin = 16;
const tokenDigits = 24;

/**
 * A keyed digest that is equal for equal values, so that masked columns still join. SHA-256 twice with the key in
 * front, which no length extension reaches; the key stays in the session's settings and never stands in SQL text.
 */
export function tokenMask(column: string, type: ColumnType, keySetting: string): PartialMask | null {
  const key = `pg_catalog.current_setting('${keySetting}', true)`;
  // To the server's own encoding: nothing is converted, so nothing can fail.
  const bytes = (text: string): string => `pg_catalog.convert_to(${text}, pg_catalog.getdatabaseencoding())`;
  const keyed = (value: string): string => `pg_catalog.sha256(${bytes(key)} OPERATOR(pg_catalog.||) ${value})`;
  const digest = `pg_catalog.encode(${keyed(keyed(bytes(`(${column})::pg_catalog.text`)))}, 'hex')`;
  const show = tokenText(type, digest);
  if (show === null) return null;
  return { when: `pg_catalog.length(${key}) OPERATOR(pg_catalog.>=) ${keyLengthMin}`, show };
}

/** The digest in the shape of the type; null where too little of it would fit. */
function tokenText(type: ColumnType, digest: string): string | null {
  const number = (digits: number): string =>
    `(('x' OPERATOR(pg_catalog.||) pg_catalog.left(${digest}, ${digits}))::pg_catalog.bit(${digits * 4}))`;
  switch (type.family) {
    case "text":
      return `'tok_' OPERATOR(pg_catalog.||) pg_catalog.left(${digest}, ${tokenDigits})`;
    case "varchar":
    case "char": {
      const room = type.length ?? (type.family === "char" ? 1 : tokenDigits + 4);
      if (room < 12) return null;
      const digits = Math.min(tokenDigits, room - 4);
      return `'tok_' OPERATOR(pg_catalog.||) pg_catalog.left(${digest}, ${digits})`;
    }
    case "uuid":
      return `pg_catalog.left(${digest}, 32)`;
    case "integer":
      if (type.bytes === 4) return `${number(7)}::pg_catalog.int4`;
      return type.bytes === 8 ? `${number(15)}::pg_catalog.int8` : null;
    case "numeric":
      return type.length === undefined || type.length - (type.scale ?? 0) >= 19
        ? `${number(15)}::pg_catalog.int8`
        : null;
    default:
      return null;
  }
}

/**
 * Resource ids are dotted paths of quoted identifiers: the registered database first, then schema, relation and
 * column, e.g. `shop.public."Order Items".id`. A part that is no plain lower-case identifier is double-quoted.
 */

const plainIdentifier = /^[a-z_][a-z0-9_]*$/;

/** One part of an id. Not for SQL text: keywords stay bare here (see `quoteSqlIdent`). */
export function quoteIdent(name: string): string {
  return plainIdentifier.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A name as it may stand in SQL text: always quoted, so that no keyword and no case is lost. */
export function quoteSqlIdent(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `dottedId("shop", "public", "orders")` is `shop.public.orders`. */
export function dottedId(...parts: string[]): string {
  return parts.map(quoteIdent).join(".");
}

/** The parts of an id, or null where the text is none. `parseDottedId(dottedId(...parts))` is `parts`. */
export function parseDottedId(id: string): string[] | null {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const part = readPart(id, at);
    if (part === null) return null;
    parts.push(part.name);
    if (part.end === id.length) return parts;
    if (id[part.end] !== ".") return null;
    at = part.end + 1;
  }
}

function readPart(id: string, from: number): { name: string; end: number } | null {
  if (id[from] !== '"') {
    const dot = id.indexOf(".", from);
    const end = dot < 0 ? id.length : dot;
    const name = id.slice(from, end);
    return plainIdentifier.test(name) ? { name, end } : null;
  }
  let at = from + 1;
  for (;;) {
    const close = id.indexOf('"', at);
    if (close < 0) return null;
    if (id[close + 1] !== '"') {
      const name = id.slice(from + 1, close).replaceAll('""', '"');
      return name === "" ? null : { name, end: close + 1 };
    }
    at = close + 2;
  }
}

import { parseDottedId } from "@/lib/sql/names";

/** Four parts, database to column; null is `*`. */
export type ColumnPattern = readonly [string | null, string | null, string | null, string | null];

const part = /^(?:\*|"(?:[^"]|"")+"|[^."*\s]+)/;

/** `shop.public.customers.email`, `*.*.*.email`; parts may be double-quoted. Null where the text is no pattern. */
export function parsePattern(text: string): ColumnPattern | null {
  const parts: (string | null)[] = [];
  let rest = text;
  for (;;) {
    const found = part.exec(rest)?.[0];
    if (found === undefined) return null;
    const bare = found.startsWith('"') ? found.slice(1, -1).replaceAll('""', '"') : found;
    parts.push(found === "*" ? null : bare);
    rest = rest.slice(found.length);
    if (rest === "") break;
    if (!rest.startsWith(".")) return null;
    rest = rest.slice(1);
  }
  const [database, schema, table, column] = parts;
  if (parts.length !== 4) return null;
  return [database ?? null, schema ?? null, table ?? null, column ?? null];
}

/** Which of many patterns fit a column, found by the column's name first. */
export type PatternIndex<T> = { byColumn: Map<string, Entry<T>[]>; anyColumn: Entry<T>[] };
type Entry<T> = { pattern: ColumnPattern; value: T; order: number };

export function indexPatterns<T>(pairs: readonly { pattern: string; value: T }[]): PatternIndex<T> {
  const index: PatternIndex<T> = { byColumn: new Map(), anyColumn: [] };
  pairs.forEach(({ pattern: text, value }, order) => {
    const pattern = parsePattern(text);
    if (pattern === null) return;
    const entry = { pattern, value, order };
    const name = pattern[3];
    const list = name === null ? index.anyColumn : (index.byColumn.get(name) ?? []);
    list.push(entry);
    if (name !== null) index.byColumn.set(name, list);
  });
  return index;
}

/** Values of the patterns that fit, in the order they were given. */
export function matchPatterns<T>(index: PatternIndex<T>, columnId: string): T[] {
  const parts = parseDottedId(columnId);
  if (parts === null || parts.length !== 4) return [];
  const named = index.byColumn.get(parts[3] ?? "") ?? [];
  return [...named, ...index.anyColumn]
    .filter((entry) => entry.pattern.every((wanted, at) => wanted === null || wanted === parts[at]))
    .sort((one, other) => one.order - other.order)
    .map((entry) => entry.value);
}

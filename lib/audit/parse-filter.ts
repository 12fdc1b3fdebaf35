/** What a list can be narrowed by. `words` must all stand in the statement. */
export type FilterTerm = { key: FilterKey; value: string; negated: boolean };
export type Filter = { terms: FilterTerm[]; words: string[] };

export const filterKeys = [
  "agent",
  "person",
  "actor",
  "area",
  "decision",
  "database",
  "policy",
  "label",
  "table",
  "kind",
  "outcome",
  "masked",
  "request",
  "entry",
  "session",
  "fingerprint",
  "sqlstate",
  "from",
  "to",
] as const;
export type FilterKey = (typeof filterKeys)[number];

const keys: ReadonlySet<string> = new Set(filterKeys);
const termsMax = 20;

/**
 * Reads `agent:reporting decision:hold -database:staging "two words"`. A `-` before a key excludes. What is no
 * known key is a word to search for.
 */
export function parseFilter(text: string): Filter {
  const filter: Filter = { terms: [], words: [] };
  for (const piece of text.match(/(?:[^\s"]+|"[^"]*"?)+/g) ?? []) {
    if (filter.terms.length + filter.words.length >= termsMax) break;
    const match = /^(-?)([a-z]+):(.+)$/s.exec(piece);
    const value = unquote(match?.[3] ?? piece);
    if (value === "") continue;
    if (match !== null && keys.has(match[2] as string)) {
      filter.terms.push({ key: match[2] as FilterKey, value, negated: match[1] === "-" });
    } else {
      filter.words.push(unquote(piece));
    }
  }
  return filter;
}

/** The text of a filter, as it stands in the address. */
export function formatFilter(filter: Filter): string {
  return [...filter.terms.map(formatTerm), ...filter.words.map(quote)].join(" ");
}

export function formatTerm(term: FilterTerm): string {
  return `${term.negated ? "-" : ""}${term.key}:${quote(term.value)}`;
}

/** The filter with the term added, or removed where it stood. */
export function toggleTerm(filter: Filter, term: FilterTerm): Filter {
  const text = formatTerm(term);
  const without = filter.terms.filter((each) => formatTerm(each) !== text);
  return { ...filter, terms: without.length < filter.terms.length ? without : [...filter.terms, term] };
}

/** The filter with exactly one term of the key, or none where `value` is null. */
export function setTerm(filter: Filter, key: FilterKey, value: string | null): Filter {
  const others = filter.terms.filter((term) => term.key !== key);
  return { ...filter, terms: value === null ? others : [...others, { key, value, negated: false }] };
}

/** The one value that the filter demands of a key; null where it demands none, several or excludes. */
export function singleValue(filter: Filter, key: FilterKey): string | null {
  const terms = filter.terms.filter((term) => term.key === key);
  return terms.length === 1 && terms[0]?.negated === false ? terms[0].value : null;
}

function quote(value: string): string {
  return /[\s"]/.test(value) || value === "" ? `"${value.replaceAll('"', "")}"` : value;
}

function unquote(value: string): string {
  return value.replaceAll('"', "");
}

import type { Filter } from "@/lib/audit/parse-filter";

/** SQL and its values; placeholders begin after those that the caller has. */
export type Condition = { sql: string; values: unknown[] };

type Matcher = (place: (value: unknown) => string, value: string) => string;

const leaf = "h.leaf::jsonb";
/** A list of the leaf has the value itself, or something under it: `pii` finds `pii.email`. */
const underAny =
  (field: string): Matcher =>
  (place, value) => {
    const at = place(value);
    return `exists (select from jsonb_array_elements_text(${leaf} -> '${field}') item where item = ${at} or starts_with(item, ${at} || '.'))`;
  };

// One matcher per key, over `h`, the first event of the statement.
const matchers: Record<string, Matcher> = {
  agent: (place, value) => `starts_with(h.actor, ${place(`agent/${value}`)})`,
  actor: (place, value) => `h.actor = ${place(value)}`,
  person: (place, value) => `starts_with(h.actor, ${place(`person/${value.toLowerCase()}`)})`,
  decision: (place, value) => `h.decision = ${place(value)}`,
  database: (place, value) => `h.database = ${place(value)}`,
  policy: (place, value) => `h.policies @> array[${place(value)}]::text[]`,
  label: underAny("labels"),
  table: (place, value) => {
    const at = place(value);
    return `exists (select from jsonb_array_elements_text(${leaf} -> 'tables') item where item = ${at} or item like '%.' || ${at})`;
  },
  kind: (place, value) => `${leaf} ->> 'statementKind' = ${place(value)}`,
  masked: (place, value) => `(jsonb_array_length(coalesce(${leaf} -> 'masked', '[]')) > 0) = ${place(value === "yes")}`,
  request: (place, value) =>
    `exists (select from audit_event x where x.entry_id = h.entry_id and x.approval_id = ${place(safeInteger(value))})`,
  entry: (place, value) => `h.entry_id = ${place(value)}`,
  session: (place, value) => `h.session_id = ${place(value)}`,
  fingerprint: (place, value) => `h.fingerprint = ${place(value)}`,
  sqlstate: (place, value) =>
    `exists (select from audit_event x where x.entry_id = h.entry_id and x.sqlstate = ${place(value.toUpperCase())})`,
  outcome: (place, value) => outcomeMatches(place, value),
  from: (place, value) => timeMatches(place, value, ">="),
  to: (place, value) => timeMatches(place, value, "<"),
};

function outcomeMatches(place: (value: unknown) => string, value: string): string {
  const later = (kind: string, rest = "") =>
    `exists (select from audit_event x where x.entry_id = h.entry_id and x.kind = '${kind}'${rest})`;
  if (value === "refused") return later("statement.refused");
  if (value === "running") return `not ${later("statement.closed")} and not ${later("statement.refused")}`;
  return later("statement.closed", ` and x.leaf::jsonb ->> 'outcome' = ${place(value)}`);
}

/** A time that cannot be read finds nothing. */
function timeMatches(place: (value: unknown) => string, value: string, operator: ">=" | "<"): string {
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
  return Number.isNaN(at) ? "false" : `h.at ${operator} ${place(new Date(at))}`;
}

/** A number that fits the column; anything else finds nothing. */
function safeInteger(value: string): number {
  return /^\d{1,9}$/.test(value) ? Number(value) : -1;
}

/**
 * The filter as a condition over `h`. Several values of one key are alternatives, excluded ones all count; words must
 * all stand in the statement. Keys that are not known match nothing, so that a typing error does not show everything.
 */
export function feedCondition(filter: Filter, placeholdersBefore: number): Condition {
  const values: unknown[] = [];
  const place = (value: unknown) => `$${placeholdersBefore + values.push(value)}`;
  const clauses: string[] = [];
  for (const key of new Set(filter.terms.map((term) => term.key))) {
    const match = Object.hasOwn(matchers, key) ? matchers[key] : undefined;
    if (match === undefined) return { sql: "false", values: [] };
    const terms = filter.terms.filter((term) => term.key === key);
    const wanted = terms.filter((term) => !term.negated).map((term) => match(place, term.value));
    if (wanted.length > 0) clauses.push(`(${wanted.join(" or ")})`);
    for (const term of terms) if (term.negated) clauses.push(`(${match(place, term.value)}) is not true`);
  }
  for (const word of filter.words) clauses.push(`strpos(lower(h.statement), lower(${place(word)})) > 0`);
  return { sql: clauses.length === 0 ? "true" : clauses.join(" and "), values };
}

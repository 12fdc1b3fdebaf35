import type { ColumnType, PartialMask } from "./column-type";
import { textMark } from "./constants";

/** Fewest characters that a partial mask must leave hidden. */
const hiddenMin = 4;

const isText = (type: ColumnType): boolean =>
  type.family === "text" || type.family === "varchar" || type.family === "char";

/** Masks that show a part of a text. */
export function textMask(
  column: string,
  type: ColumnType,
  kind: "email" | "last4" | "first1" | "initials" | "text",
): PartialMask | null {
  if (!isText(type)) return null;
  const value = `(${column})::pg_catalog.text`;
  switch (kind) {
    case "email":
      return emailMask(value);
    case "last4":
      return { when: longerThan(value, 4), show: join(mark, `pg_catalog.right(${value}, 4)`) };
    case "first1":
      return { when: longerThan(value, 1), show: join(`pg_catalog.left(${value}, 1)`, mark) };
    case "initials":
      return initialsMask(value);
    case "text":
      return scrubMask(value);
  }
}

const mark = `'${textMark}'`;
const join = (...parts: string[]): string => `(${parts.join(" OPERATOR(pg_catalog.||) ")})`;

/** Regular expressions run under the C collation: other ones may refuse them or read classes differently. */
const matches = (value: string, pattern: string): string =>
  `(${value} COLLATE pg_catalog."C") OPERATOR(pg_catalog.~) '${pattern}'`;

function longerThan(value: string, shown: number): string {
  return `pg_catalog.length(${value}) OPERATOR(pg_catalog.>=) ${shown + hiddenMin}`;
}

/** First character and domain; only of what looks like one address with a name long enough to hide. */
function emailMask(value: string): PartialMask {
  const at = `pg_catalog.strpos(${value} COLLATE pg_catalog."C", '@')`;
  return {
    when: matches(value, "^[^@[:space:]]{3,64}@[A-Za-z0-9]([A-Za-z0-9-]*[.])+[A-Za-z]{2,24}$"),
    show: join(`pg_catalog.left(${value}, 1)`, mark, `pg_catalog.substr(${value}, ${at})`),
  };
}

/** First letters of up to four words, each of which hides at least one more. */
function initialsMask(value: string): PartialMask {
  const letters = `pg_catalog.regexp_replace(${value} COLLATE pg_catalog."C", '([^[:space:]])[^[:space:]]+[[:space:]]*', '${"\\1."}', 'g')`;
  return {
    when: `${matches(value, "^([^[:space:]]{2,}[[:space:]]+){0,3}[^[:space:]]{2,}$")} AND ${longerThan(value, 4)}`,
    show: letters,
  };
}

/** Addresses and long numbers out of free text. */
function scrubMask(value: string): PartialMask {
  const patterns: [string, string][] = [
    ["[^[:space:]@]+@[^[:space:]@]+", "[address]"],
    ["[0-9A-Z]{2}[0-9]{2}([ -]?[0-9A-Z]{2,4}){3,8}", "[number]"],
    ["[+(]?[0-9]([ ./()-]*[0-9]){5,}", "[number]"],
  ];
  const show = patterns.reduce(
    (text, [pattern, by]) => `pg_catalog.regexp_replace(${text}, '${pattern}', '${by}', 'g')`,
    `${value} COLLATE pg_catalog."C"`,
  );
  return { when: "true", show };
}

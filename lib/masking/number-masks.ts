import type { ColumnType, PartialMask } from "./column-type";

const between = (value: string, low: string, high: string): string =>
  `${value} OPERATOR(pg_catalog.>=) ${low} AND ${value} OPERATOR(pg_catalog.<=) ${high}`;

/** The first day of a date's year or month. Infinite and far dates, whose arithmetic can fail, are redacted. */
export function periodMask(column: string, type: ColumnType, period: "year" | "month"): PartialMask | null {
  if (type.family !== "date" && type.family !== "timestamp" && type.family !== "timestamptz") return null;
  const bound = (text: string): string => `'${text}'::pg_catalog.${type.family}`;
  // A date has no date_trunc() of its own; by way of timestamptz it would depend on the time zone.
  const value = type.family === "date" ? `(${column})::pg_catalog.timestamp` : column;
  return {
    when: between(column, bound("0002-01-01"), bound("9998-12-31")),
    show: `pg_catalog.date_trunc('${period}', ${value})`,
  };
}

const integerRange: Record<number, [string, string]> = {
  2: ["-32768", "32767"],
  4: ["-2147483648", "2147483647"],
  8: ["-9223372036854775808", "9223372036854775807"],
};

/** The lower end of a number's bucket. Values near the end of the type's range are redacted. */
export function numberMask(column: string, type: ColumnType, size: number): PartialMask | null {
  const floor = (numeric: string, width: string): string =>
    `(pg_catalog.floor((${column})::${numeric} OPERATOR(pg_catalog./) ${width}) OPERATOR(pg_catalog.*) ${width})`;
  switch (type.family) {
    case "integer": {
      const [low, high] = integerRange[type.bytes ?? 4] ?? ["0", "0"];
      const value = floor("pg_catalog.numeric", `${size}::pg_catalog.numeric`);
      return { when: between(value, `(${low})::pg_catalog.numeric`, `(${high})::pg_catalog.numeric`), show: value };
    }
    case "numeric": {
      const value = floor("pg_catalog.numeric", `${size}::pg_catalog.numeric`);
      // Every digit before the point that the type can hold; 30 where it does not say.
      const digits = Math.max(0, (type.length ?? 30) - (type.scale ?? 0));
      const bound = `1e${Math.min(digits, 30)}::pg_catalog.numeric`;
      const strict = `pg_catalog.abs(${value}) OPERATOR(pg_catalog.<) ${bound}`;
      return {
        when: `pg_catalog.abs(${column}) OPERATOR(pg_catalog.<) 1e30::pg_catalog.numeric AND ${strict}`,
        show: value,
      };
    }
    case "float": {
      const value = floor("pg_catalog.float8", `${size}::pg_catalog.float8`);
      const bound = `1e30::pg_catalog.float8`;
      return { when: `pg_catalog.abs((${column})::pg_catalog.float8) OPERATOR(pg_catalog.<) ${bound}`, show: value };
    }
    default:
      return null;
  }
}

import type { ColumnType } from "./column-type";

/** What stands for a hidden text. ASCII, so that a server of any encoding can hold it. */
export const textMark = "***";

/** A constant of the type, as SQL text; NULL where the type has no value that is certain to be allowed. */
export function redactedConstant(type: ColumnType): string {
  const value = constantText(type);
  return value === null ? `NULL::${type.cast}` : `${value}::${type.cast}`;
}

function constantText(type: ColumnType): string | null {
  switch (type.family) {
    case "text":
    case "varchar":
      return `'${textMark.slice(0, type.length ?? textMark.length)}'`;
    case "char":
      return `'${textMark.slice(0, type.length ?? 1)}'`;
    case "integer":
    case "numeric":
    case "float":
    case "money":
      return "'0'";
    case "boolean":
      return "'false'";
    case "date":
      return "'1970-01-01'";
    case "timestamp":
    case "timestamptz":
      return type.family === "timestamp" ? "'1970-01-01 00:00:00'" : "'1970-01-01 00:00:00+00'";
    case "time":
      return "'00:00:00'";
    case "timetz":
      return "'00:00:00+00'";
    case "interval":
      return "'0'";
    case "uuid":
      return "'00000000-0000-0000-0000-000000000000'";
    case "json":
    case "jsonb":
    case "array":
      return "'{}'";
    case "bytea":
      return "''";
    case "inet":
      return "'0.0.0.0'";
    case "cidr":
      return "'0.0.0.0/0'";
    case "xml":
      return "'<redacted/>'";
    case "other":
      return null;
  }
}

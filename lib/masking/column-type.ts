/** What masks need to know of a column's type. */
export type ColumnType = {
  family:
    | "text"
    | "varchar"
    | "char"
    | "integer"
    | "numeric"
    | "float"
    | "boolean"
    | "date"
    | "timestamp"
    | "timestamptz"
    | "time"
    | "timetz"
    | "interval"
    | "uuid"
    | "json"
    | "jsonb"
    | "bytea"
    | "inet"
    | "cidr"
    | "xml"
    | "money"
    | "array"
    | "other";
  /** how the type is written in a cast, qualified so that no search_path can redirect it */
  cast: string;
  /** varchar(n), char(n): n; numeric(p, s): p and s */
  length?: number;
  scale?: number;
  /** integers: 2, 4 or 8; floats: 4 or 8 */
  bytes?: number;
};

/** What a kind of mask shows of one type, as SQL text: `when` says for which values; all others are redacted. */
export type PartialMask = { when: string; show: string };

const named: Record<string, ColumnType> = {
  text: { family: "text", cast: "pg_catalog.text" },
  name: { family: "other", cast: "pg_catalog.name" },
  smallint: { family: "integer", cast: "pg_catalog.int2", bytes: 2 },
  integer: { family: "integer", cast: "pg_catalog.int4", bytes: 4 },
  bigint: { family: "integer", cast: "pg_catalog.int8", bytes: 8 },
  real: { family: "float", cast: "pg_catalog.float4", bytes: 4 },
  "double precision": { family: "float", cast: "pg_catalog.float8", bytes: 8 },
  boolean: { family: "boolean", cast: "pg_catalog.bool" },
  date: { family: "date", cast: "pg_catalog.date" },
  uuid: { family: "uuid", cast: "pg_catalog.uuid" },
  json: { family: "json", cast: "pg_catalog.json" },
  jsonb: { family: "jsonb", cast: "pg_catalog.jsonb" },
  bytea: { family: "bytea", cast: "pg_catalog.bytea" },
  inet: { family: "inet", cast: "pg_catalog.inet" },
  cidr: { family: "cidr", cast: "pg_catalog.cidr" },
  xml: { family: "xml", cast: "pg_catalog.xml" },
  money: { family: "money", cast: "pg_catalog.money" },
};

/** Built-in types with a number in brackets, e.g. `numeric(10,2)`, `timestamp(3) with time zone`. */
const withNumbers: { pattern: RegExp; family: ColumnType["family"]; name: string }[] = [
  { pattern: /^character varying(?:\((\d+)\))?$/, family: "varchar", name: "varchar" },
  { pattern: /^character(?:\((\d+)\))?$/, family: "char", name: "bpchar" },
  { pattern: /^bpchar$/, family: "text", name: "bpchar" },
  { pattern: /^numeric(?:\((\d+),(-?\d+)\))?$/, family: "numeric", name: "numeric" },
  { pattern: /^timestamp(?:\((\d)\))? without time zone$/, family: "timestamp", name: "timestamp" },
  { pattern: /^timestamp(?:\((\d)\))? with time zone$/, family: "timestamptz", name: "timestamptz" },
  { pattern: /^time(?:\((\d)\))? without time zone$/, family: "time", name: "time" },
  { pattern: /^time(?:\((\d)\))? with time zone$/, family: "timetz", name: "timetz" },
  { pattern: /^interval()(?:[ (].*)?$/, family: "interval", name: "interval" },
  { pattern: /^bit\((\d+)\)$/, family: "other", name: "bit" },
  { pattern: /^bit varying(?:\((\d+)\))?$/, family: "other", name: "varbit" },
];

/** A qualified name as format_type() writes it, quotes and all. */
const qualifiedName = /^(?:[a-z_][a-z0-9_]*|"(?:[^"]|"")+")\.(?:[a-z_][a-z0-9_]*|"(?:[^"]|"")+")$/;
const builtinName = /^[a-z_][a-z0-9_]*$/;

/** Reads what format_type() says of a type; null for what cannot be written in a cast with certainty. */
export function readColumnType(type: string): ColumnType | null {
  if (type.endsWith("[]")) {
    const element = readColumnType(type.slice(0, -2));
    return element === null ? null : { family: "array", cast: `${element.cast}[]` };
  }
  const known = named[type];
  if (known !== undefined) return known;
  for (const { pattern, family, name } of withNumbers) {
    const found = pattern.exec(type);
    if (found !== null) return numbered(family, name, found);
  }
  if (qualifiedName.test(type)) return { family: "other", cast: type };
  // format_type() qualifies every type outside pg_catalog, given the empty search_path of the catalog reader.
  if (builtinName.test(type)) return { family: "other", cast: `pg_catalog.${type}` };
  return type === '"char"' ? { family: "other", cast: 'pg_catalog."char"' } : null;
}

function numbered(family: ColumnType["family"], name: string, found: RegExpExecArray): ColumnType {
  const first = found[1] === undefined || found[1] === "" ? undefined : Number(found[1]);
  const second = found[2] === undefined ? undefined : Number(found[2]);
  const modifier = first === undefined ? "" : second === undefined ? `(${first})` : `(${first},${second})`;
  const type: ColumnType = { family, cast: `pg_catalog.${name}${modifier}` };
  if (first !== undefined) type.length = first;
  if (second !== undefined) type.scale = second;
  return type;
}

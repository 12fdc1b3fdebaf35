import { createHash } from "node:crypto";
import { type ColumnType, readColumnType } from "./column-type";
import { textMark } from "./constants";
import type { Mask } from "./types";

/** A made-up value and what a mask makes of it; `after` null is NULL. */
export type MaskPreview = { before: string; after: string | null };

/** Whose key is not the installation's: previews show the shape of a token, not one that ever occurs. */
const previewKey = "a key for previews only";

const samples: { mask: Mask["kind"][]; before: string }[] = [
  { mask: ["email"], before: "ada.l@example.com" },
  { mask: ["last4"], before: "4929 1234 5678 9012" },
  { mask: ["initials"], before: "Ada Lovelace" },
  { mask: ["text"], before: "Call 030 901820 or write to ada@example.com" },
];

/**
 * What a mask does to a made-up value of a column's type, in the server's own text form. The same rules as
 * `maskExpression`, which a test holds it against; no value of the database is involved.
 * @param type format_type() of the column, of a domain's base type where it has one
 */
export function previewMask(mask: Mask, type: string): MaskPreview {
  const before = sampleOf(mask, type);
  return { before, after: mask.kind === "null" ? null : masked(mask, type, before) };
}

function sampleOf(mask: Mask, type: string): string {
  const read = readColumnType(type);
  switch (read?.family) {
    case "text":
    case "varchar":
    case "char": {
      const text = samples.find((sample) => sample.mask.includes(mask.kind))?.before ?? "Ada Lovelace";
      return read.length === undefined ? text : text.slice(0, read.length);
    }
    case "integer":
      return read.bytes === 2 ? "4711" : "48213";
    case "numeric":
      return Number(48213).toFixed(Math.max(0, read.scale ?? 2));
    case "float":
    case "money":
      return read.family === "money" ? "$48,213.00" : "48213.5";
    case "boolean":
      return "t";
    case "date":
      return "1987-06-14";
    case "timestamp":
      return "1987-06-14 09:30:00";
    case "timestamptz":
      return "1987-06-14 09:30:00+00";
    case "time":
      return "09:30:00";
    case "timetz":
      return "09:30:00+00";
    case "interval":
      return "02:30:00";
    case "uuid":
      return "3f0c8a52-7d1e-4b9a-9c06-51d2e8f7a4b3";
    case "json":
    case "jsonb":
      return '{"name": "Ada"}';
    case "array":
      return "{1,2}";
    case "inet":
      return "203.0.113.77";
    case "cidr":
      return "203.0.113.64/26";
    case "bytea":
      return "\\x0102";
    case "xml":
      return "<name>Ada</name>";
    default:
      return "a value";
  }
}

function masked(mask: Mask, type: string, before: string): string | null {
  const read = readColumnType(type);
  if (read === null) return null;
  const text = read.family === "text" || read.family === "varchar" || read.family === "char";
  const partial = text ? textPreview(mask, before, read.length) : otherPreview(mask, read, before);
  return partial ?? redacted(type);
}

const hiddenMin = 4;

function textPreview(mask: Mask, before: string, length: number | undefined): string | null {
  const shown = unlimited(mask, before);
  return shown === null ? null : shown.slice(0, length ?? shown.length);
}

function unlimited(mask: Mask, before: string): string | null {
  const hides = (shown: number): boolean => before.length >= shown + hiddenMin;
  switch (mask.kind) {
    case "email":
      return /^[^@\s]{3,64}@[A-Za-z0-9]([A-Za-z0-9-]*\.)+[A-Za-z]{2,24}$/.test(before)
        ? before.charAt(0) + textMark + before.slice(before.indexOf("@"))
        : null;
    case "last4":
      return hides(4) ? textMark + before.slice(-4) : null;
    case "first1":
      return hides(1) ? before.charAt(0) + textMark : null;
    case "initials":
      return /^(\S{2,}\s+){0,3}\S{2,}$/.test(before) && hides(4) ? before.replace(/(\S)\S+\s*/g, "$1.") : null;
    case "text":
      return before
        .replace(/[^\s@]+@[^\s@]+/g, "[address]")
        .replace(/[0-9A-Z]{2}[0-9]{2}([ -]?[0-9A-Z]{2,4}){3,8}/g, "[number]")
        .replace(/[+(]?[0-9]([ ./()-]*[0-9]){5,}/g, "[number]");
    case "token":
      return `tok_${digestOf(before).slice(0, 24)}`;
    case "fixed":
      return mask.value;
    default:
      return null;
  }
}

function otherPreview(mask: Mask, { family, length }: ColumnType, before: string): string | null {
  const isDate = family === "date" || family === "timestamp" || family === "timestamptz";
  if ((mask.kind === "year" || mask.kind === "month") && isDate) {
    const start = mask.kind === "year" ? `${before.slice(0, 4)}-01-01` : `${before.slice(0, 7)}-01`;
    return start + (family === "date" ? "" : " 00:00:00") + (family === "timestamptz" ? "+00" : "");
  }
  if (mask.kind === "bucket" && (family === "integer" || family === "numeric" || family === "float")) {
    const floor = Math.floor(Number(before) / mask.size) * mask.size;
    // A numeric without a declared scale has as many places as its value needs.
    return family === "numeric" && length !== undefined
      ? floor.toFixed(before.split(".")[1]?.length ?? 0)
      : String(floor);
  }
  if (mask.kind === "ip-prefix" && (family === "inet" || family === "cidr")) {
    return `${before.slice(0, before.lastIndexOf("."))}.0/24`;
  }
  if (mask.kind !== "token") return null;
  if (family === "uuid") return digestOf(before).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
  return family === "integer" ? String(Number.parseInt(digestOf(before).slice(0, 7), 16)) : null;
}

function digestOf(value: string): string {
  return createHash("sha256").update(previewKey).update(value).digest("hex");
}

function redacted(type: string): string | null {
  const read = readColumnType(type);
  switch (read?.family) {
    case "text":
    case "varchar":
      return textMark.slice(0, read.length ?? textMark.length);
    case "char":
      return textMark.slice(0, read.length ?? 1);
    case "integer":
    case "float":
      return "0";
    case "numeric":
      return Number(0).toFixed(Math.max(0, read.scale ?? 0));
    default:
      return read === null || read === undefined ? null : (constants[read.family] ?? null);
  }
}

const constants: Record<string, string> = {
  money: "$0.00",
  boolean: "f",
  date: "1970-01-01",
  timestamp: "1970-01-01 00:00:00",
  timestamptz: "1970-01-01 00:00:00+00",
  time: "00:00:00",
  timetz: "00:00:00+00",
  interval: "00:00:00",
  uuid: "00000000-0000-0000-0000-000000000000",
  json: "{}",
  jsonb: "{}",
  array: "{}",
  bytea: "\\x",
  inet: "0.0.0.0",
  cidr: "0.0.0.0/0",
  xml: "<redacted/>",
};

import { createHash } from "node:crypto";
import canonicalizeModule from "canonicalize";
import type { AuditEvent } from "./event";

// The package is CommonJS with a default-export type; under ESM the function itself is what is imported.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;

/** A leaf never exceeds this; what had to be shortened is named in the leaf's `cut`. */
export const leafBytesMax = 60_000;
/** Longer statement texts are kept as their beginning, with length and SHA-256 of the whole. */
export const statementBytesMax = 16_000;

const shortTextBytesMax = 1_000;
const shortListItemsMax = 20;
/** Bytes that `cut` itself and the braces may need; counted before anything is shortened. */
const cutBytesReserved = 4_000;

/** Of a field that was shortened: SHA-256 (hex) and length of its full value, text as UTF-8 and all else as RFC 8785. */
export type Cut = Record<string, { bytes: number; sha256: string }>;

type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * The exact text that is stored and hashed: RFC 8785 JSON of the event, at most `leafBytesMax` bytes of UTF-8.
 * PostgreSQL's jsonb accepts every leaf: U+0000 and lone surrogates are written out as the characters `\u0000`, `\ud800`,
 * and integers beyond 2^53 become strings, because no reader could be trusted to keep their digits.
 */
export function leafOf(event: AuditEvent | Record<string, unknown>): string {
  const clean = toLeafValue(event) as { [key: string]: JsonValue };
  const statement = clean.statement;
  const cut: Cut = {};
  if (typeof statement === "string" && Buffer.byteLength(statement) > statementBytesMax) {
    shorten({ fields: clean, name: "statement", cut, textBytesMax: statementBytesMax });
  }
  const leaf = canonicalize(withCut(clean, cut));
  return Buffer.byteLength(leaf) <= leafBytesMax ? leaf : shortenedLeaf(clean, cut);
}

/** Shortens the largest field, then the next, until the leaf fits. Identity and time are never touched: they are small. */
function shortenedLeaf(fields: { [key: string]: JsonValue }, cut: Cut): string {
  const bySize = Object.entries(fields)
    .map(([name, value]) => ({ name, bytes: Buffer.byteLength(canonicalize(value)) }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  let total = bySize.reduce((sum, field) => sum + field.bytes + Buffer.byteLength(JSON.stringify(field.name)) + 2, 2);
  for (const { name, bytes } of bySize) {
    if (total <= leafBytesMax - cutBytesReserved || bytes <= shortTextBytesMax) break;
    shorten({ fields, name, cut, textBytesMax: shortTextBytesMax });
    total -= bytes - Buffer.byteLength(canonicalize(fields[name]));
  }
  return canonicalize(withCut(fields, cut));
}

function withCut(fields: { [key: string]: JsonValue }, cut: Cut): { [key: string]: JsonValue } {
  return Object.keys(cut).length === 0 ? fields : { ...fields, cut };
}

type Shortening = { fields: { [key: string]: JsonValue }; name: string; cut: Cut; textBytesMax: number };

function shorten({ fields, name, cut, textBytesMax }: Shortening): void {
  const value = fields[name] ?? null;
  const full = typeof value === "string" ? value : canonicalize(value);
  cut[name] ??= { bytes: Buffer.byteLength(full), sha256: createHash("sha256").update(full).digest("hex") };
  if (typeof value === "string") fields[name] = beginningOf(value, textBytesMax);
  else if (Array.isArray(value)) fields[name] = beginningOfList(value);
  else fields[name] = {};
}

function beginningOfList(list: JsonValue[]): JsonValue[] {
  const kept: JsonValue[] = [];
  let bytes = 0;
  for (const item of list.slice(0, shortListItemsMax)) {
    bytes += Buffer.byteLength(canonicalize(item)) + 1;
    if (bytes > shortTextBytesMax) break;
    kept.push(item);
  }
  return kept;
}

/** At most `bytesMax` bytes of UTF-8, never ending inside a character. */
function beginningOf(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= bytesMax) return text;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}

/** Characters that jsonb cannot hold, written out. Everything else is left as it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is exactly what must be found
const unstorable = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** ES2024; Node 20 has it. */
type WellFormed = string & { isWellFormed(): boolean };

/** Text that PostgreSQL can store, both as text and as jsonb. */
export function storableText(text: string): string {
  // isWellFormed is native and almost always true; the expression runs only for the rest.
  if ((text as WellFormed).isWellFormed() && !text.includes("\0")) return text;
  return text.replace(unstorable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Bytes from a client as text: valid UTF-8 is decoded, any other byte is written out as `\xNN`. */
export function storableTextOfBytes(bytes: Uint8Array): string {
  try {
    return storableText(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return decodeLoosely(bytes);
  }
}

function decodeLoosely(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const width = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    try {
      text += decoder.decode(bytes.subarray(at, at + width));
      at += width;
    } catch {
      text += `\\x${first.toString(16).padStart(2, "0")}`;
      at += 1;
    }
  }
  return storableText(text);
}

/** A value as it appears in a leaf; undefined fields are absent. */
export function toLeafValue(value: unknown): JsonValue {
  switch (typeof value) {
    case "string":
      return storableText(value);
    case "number":
      if (!Number.isFinite(value)) return String(value);
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value).toString() : value;
    case "bigint":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
    case "boolean":
      return value;
    case "object":
      return objectToLeafValue(value);
    default:
      return null;
  }
}

function objectToLeafValue(value: object | null): JsonValue {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(toLeafValue);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  const result: { [key: string]: JsonValue } = {};
  for (const [key, item] of Object.entries(value)) {
    // defineProperty keeps a key named __proto__ a plain field.
    if (item !== undefined) {
      Object.defineProperty(result, storableText(key), {
        value: toLeafValue(item),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
  }
  return result;
}

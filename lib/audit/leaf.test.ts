import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, columnsOfRow, unreadableKind } from "./columns";
import { leafBytesMax, leafOf, statementBytesMax, storableText, storableTextOfBytes } from "./leaf";

const base = {
  id: "0190d0a0-0000-7000-8000-000000000000",
  kind: "statement.opened",
  at: "2026-01-02T03:04:05.678Z",
  actor: "agent/reporting",
};
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("leafOf", () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ "\ud83d\ude00": 1, "\ufb33": 2 }, '{"\ud83d\ude00":1,"\ufb33":2}'],
    [{ a: [1.0, 0.5, 1e21, -0] }, '{"a":[1,0.5,"1000000000000000000000",0]}'],
    [{ a: 9007199254740993n, b: 5n, c: 2 ** 53 }, '{"a":"9007199254740993","b":5,"c":"9007199254740992"}'],
    [{ a: undefined, b: null, c: Number.NaN }, '{"b":null,"c":"NaN"}'],
    [{ a: new Date(0), b: new Uint8Array([1, 2]) }, '{"a":"1970-01-01T00:00:00.000Z","b":"AQI="}'],
    [{ a: "x\u0000y" }, '{"a":"x\\\\u0000y"}'],
    [{ a: "x\ud800y\udc00" }, '{"a":"x\\\\ud800y\\\\udc00"}'],
    [{ a: '\u20ac"\\\n\u001f' }, '{"a":"\u20ac\\"\\\\\\n\\u001f"}'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])("writes %o canonically", (value, leaf) => {
    expect(leafOf(value as Record<string, unknown>)).toBe(leaf);
  });

  it("never writes what jsonb refuses, whatever a string holds", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const leaf = leafOf({ ...base, statement: String.fromCharCode(...units) });
        return !/(^|[^\\])(\\\\)*\\u(0000|d[89a-f])/i.test(leaf) && Buffer.from(leaf).toString() === leaf;
      }),
    );
  });

  it("keeps the beginning, the length and the hash of a long statement", () => {
    const statement = "é".repeat(20_000);
    const leaf = JSON.parse(leafOf({ ...base, statement }));
    expect(leaf.cut).toEqual({ statement: { bytes: 40_000, sha256: sha256(statement) } });
    expect(leaf.statement).toBe("é".repeat(statementBytesMax / 2));
  });

  it.each([
    ["many columns", { columns: Array.from({ length: 9_000 }, (_, at) => `shop.public.t.c${at}`) }, "columns"],
    ["a huge reason", { reason: "because ".repeat(20_000) }, "reason"],
    ["a huge context", { context: { grants: Array.from({ length: 9_000 }, (_, at) => `grant-${at}`) } }, "context"],
    ["escapes that grow", { reason: "\u0001".repeat(30_000) }, "reason"],
  ])("stays under the limit with %s and says what was cut", (_, extra, name) => {
    const leaf = leafOf({ ...base, statement: "SELECT ?", ...extra });
    expect(Buffer.byteLength(leaf)).toBeLessThanOrEqual(leafBytesMax);
    const parsed = JSON.parse(leaf);
    expect(Object.keys(parsed.cut)).toEqual([name]);
    expect(parsed).toMatchObject({ ...base, statement: "SELECT ?" });
  });

  it("stays under the limit when everything is long", () => {
    const long = "x".repeat(300_000);
    const list = Array.from({ length: 9_000 }, () => "shop.public.customers.email");
    const leaf = leafOf({ ...base, statement: long, reason: long, application: long, columns: list, tables: list });
    expect(Buffer.byteLength(leaf)).toBeLessThanOrEqual(leafBytesMax);
    expect(JSON.parse(leaf).cut.statement).toEqual({ bytes: 300_000, sha256: sha256(long) });
  });
});

describe("storable text", () => {
  it("leaves well-formed text alone", () => {
    expect(storableText("naïve 😀")).toBe("naïve 😀");
  });

  it.each([
    [[0x61, 0xff, 0x62], "a\\xffb"],
    [[0xc3, 0xa9, 0xc3], "é\\xc3"],
    [[0xf0, 0x9f, 0x98, 0x80], "😀"],
    [[0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"],
    [[0x61, 0x00], "a\\u0000"],
  ])("writes out bytes %j that are not UTF-8", (bytes, text) => {
    expect(storableTextOfBytes(Uint8Array.from(bytes))).toBe(text);
  });
});

describe("columnsOf", () => {
  it("derives every column and nothing from fields of another type", () => {
    const leaf = leafOf({
      ...base,
      policies: ["a", "b"],
      approvalId: 7,
      rows: 900_000_000_000_000_000n,
      durationMs: 1.5,
      database: 5,
      statement: "SELECT ?",
    });
    expect(columnsOf(leaf)).toMatchObject({
      kind: "statement.opened",
      actor: "agent/reporting",
      policies: ["a", "b"],
      approvalId: 7,
      rows: "900000000000000000",
      durationMs: 1.5,
      database: null,
      statement: "SELECT ?",
      sqlstate: null,
    });
  });

  it("keeps indexed values short and storable", () => {
    const columns = columnsOf(JSON.stringify({ ...base, actor: `person/${"x".repeat(5_000)}`, statement: "a\u0000" }));
    expect(columns?.actor).toHaveLength(500);
    expect(columns?.statement).toBe("a\\u0000");
  });

  it.each([
    "",
    "[]",
    "1",
    "{}",
    '{"id":"x","kind":"a","at":"2026-01-02T03:04:05.678Z"}',
    `{"id":"${base.id}","kind":"a","at":"2026-99-02T03:04:05.678Z"}`,
  ])("answers null for %j, which then is taken as unreadable", (leaf) => {
    expect(columnsOf(leaf)).toBeNull();
    expect(columnsOfRow({ id: base.id, leaf })).toMatchObject({ id: base.id, kind: unreadableKind });
  });
});

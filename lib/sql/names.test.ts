import { describe, expect, it } from "vitest";
import { dottedId, parseDottedId, quoteIdent, quoteSqlIdent } from "./names";

const ids: [string[], string][] = [
  [["shop"], "shop"],
  [["shop", "public", "orders"], "shop.public.orders"],
  [["shop", "public", "Order Items", "id"], 'shop.public."Order Items".id'],
  [["a.b", 'c"d'], '"a.b"."c""d"'],
  [["shop-1", "_x9", "9x"], '"shop-1"._x9."9x"'],
  [["é", "a$b"], '"é"."a$b"'],
];

describe("dottedId and parseDottedId", () => {
  it.each(ids)("write %j as %s and read it back", (parts, id) => {
    expect(dottedId(...parts)).toBe(id);
    expect(parseDottedId(id)).toEqual(parts);
  });

  it.each(["", ".", "a.", ".a", "a..b", '"a', 'a"b"', '"a"b', "A", "a b", '""', '"a".'])("refuse %j", (id) => {
    expect(parseDottedId(id)).toBeNull();
  });
});

describe("quoteIdent and quoteSqlIdent", () => {
  it("quotes what is not plain lower case", () => {
    expect([quoteIdent("order"), quoteIdent("Order"), quoteIdent("")]).toEqual(["order", '"Order"', '""']);
  });

  it("quotes every name in SQL", () => {
    expect([quoteSqlIdent("order"), quoteSqlIdent('a"b')]).toEqual(['"order"', '"a""b"']);
  });
});

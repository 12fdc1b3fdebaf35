import { describe, expect, it } from "vitest";
import { readBind, readBindNames, readExecute, readObject, readParse, readQuery, readSaslInitial } from "./messages";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("client messages", () => {
  it("reads a Query", () => {
    expect(readQuery(hex("51 00000009 78c3bc 79 00"))).toBe("xüy");
  });

  it("reads a Parse with parameter types beyond int32", () => {
    expect(readParse(hex("50 00000018 7300 61246200 0002 00000017 ffffffff"))).toEqual({
      name: "s",
      sql: "a$b",
      parameterTypes: [23, 4294967295],
    });
  });

  it.each([
    ["one format for all", "0001 0001 0002 00000001 61 ffffffff 0000", [1, 1]],
    ["a format each", "0002 0000 0001 0002 00000001 61 ffffffff 0000", [0, 1]],
    ["no formats", "0000 0002 00000001 61 ffffffff 0001 0001", [0, 0]],
  ])("reads a Bind with %s", (_what, rest, formats) => {
    const bind = readBind(hex(`42 00000000 7000 7300 ${rest}`));
    expect(bind).toEqual({
      portal: "p",
      statement: "s",
      parameters: [
        { format: formats[0], value: Buffer.from("a") },
        { format: formats[1], value: null },
      ],
    });
  });

  it("reads the names of a Bind alone", () => {
    expect(readBindNames(hex("42 00000000 7000 7300"))).toEqual({ portal: "p", statement: "s" });
  });

  it("reads Describe, Close, Execute and SASLInitialResponse", () => {
    expect(readObject(hex("44 00000007 53 7300"))).toEqual({ kind: "statement", name: "s" });
    expect(readObject(hex("43 00000006 50 00"))).toEqual({ kind: "portal", name: "" });
    expect(readExecute(hex("45 0000000a 7000 00000064"))).toEqual({ portal: "p", rowsMax: 100 });
    expect(readSaslInitial(hex("70 00000000 5800 00000002 6162"))).toEqual({
      mechanism: "X",
      data: Buffer.from("ab"),
    });
  });

  it.each([
    ["a Query without terminator", () => readQuery(hex("51 00000006 6162")), "invalid string in message"],
    ["a Query with an embedded NUL", () => readQuery(hex("51 00000008 61 00 62 00")), "invalid message format"],
    [
      "a Query that is no UTF-8",
      () => readQuery(hex("51 00000006 ff 00")),
      'invalid byte sequence for encoding "UTF8"',
    ],
    ["a Parse that ends early", () => readParse(hex("50 00000008 00 00 0001")), "insufficient data left in message"],
    [
      "a Parse with a negative count",
      () => readParse(hex("50 00000008 00 00 ffff")),
      "insufficient data left in message",
    ],
    [
      "a Bind with wrong counts",
      () => readBind(hex("42 00000000 00 00 0002 0000 0000 0001 ffffffff 0000")),
      "bind message has 2 parameter formats but 1 parameters",
    ],
    [
      "a Bind value longer than the message",
      () => readBind(hex("42 00000000 00 00 0000 0001 7fffffff 61")),
      "insufficient data left in message",
    ],
    [
      "a Bind value of negative length",
      () => readBind(hex("42 00000000 00 00 0000 0001 fffffffe")),
      "insufficient data left in message",
    ],
    ["a format that does not exist", () => readBind(hex("42 00000000 00 00 0001 0002")), "unsupported format code: 2"],
    ["a Describe of neither", () => readObject(hex("44 00000006 58 00")), "invalid DESCRIBE message subtype 88"],
    ["bytes behind an Execute", () => readExecute(hex("45 0000000a 00 00000000 00")), "invalid message format"],
  ])("refuses %s", (_what, read, message) => {
    expect(read).toThrow(message);
  });
});

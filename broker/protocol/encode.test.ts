import { describe, expect, it } from "vitest";
import { rowsOfTag } from "./command-tag";
import {
  encodeAuthenticationOk,
  encodeBackendKeyData,
  encodeError,
  encodeNegotiateVersion,
  encodeParameterStatus,
  encodeReady,
  encodeSaslMechanisms,
} from "./encode";
import { encodeParse, encodeQuery, encodeStartup, encodeSync } from "./encode-upstream";
import { encodeErrorFields, readErrorFields } from "./error-fields";
import { readRowOrigins } from "./row-description";
import { readTextRow } from "./text-row";
import { withheldError, withheldNotice } from "./withhold";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("server messages", () => {
  it.each([
    ["AuthenticationOk", encodeAuthenticationOk(), "52 00000008 00000000"],
    ["SASL mechanisms", encodeSaslMechanisms(["A", "B"]), "52 0000000d 0000000a 4100 4200 00"],
    ["ReadyForQuery", encodeReady("T"), "5a 00000005 54"],
    ["ParameterStatus", encodeParameterStatus("a", "b"), "53 00000008 6100 6200"],
    ["BackendKeyData", encodeBackendKeyData(7, hex("01020304")), "4b 0000000c 00000007 01020304"],
    ["NegotiateProtocolVersion", encodeNegotiateVersion(2, ["x"]), "76 0000000e 00030002 00000001 7800"],
    ["Sync", encodeSync(), "53 00000004"],
    ["Query", encodeQuery("é"), "51 00000007 c3a9 00"],
    ["Parse", encodeParse("s", "q", [23]), "50 0000000e 7300 7100 0001 00000017"],
    ["StartupMessage", encodeStartup([["a", "b"]]), "0000000d 00030000 6100 6200 00"],
  ])("encodes %s", (_name, bytes, expected) => {
    expect(bytes.toString("hex")).toBe(expected.replaceAll(" ", ""));
  });

  it("encodes an error that reads back field by field", () => {
    const bytes = encodeError({
      severity: "ERROR",
      sqlstate: "42501",
      message: "no",
      detail: "{}",
      hint: "ask",
      position: 3,
    });
    expect(bytes.readInt32BE(1)).toBe(bytes.length - 1);
    expect(Object.fromEntries(readErrorFields(bytes))).toEqual({
      S: "ERROR",
      V: "ERROR",
      C: "42501",
      M: "no",
      D: "{}",
      H: "ask",
      P: "3",
    });
    expect(encodeErrorFields("E", readErrorFields(bytes))).toEqual(bytes);
  });

  it("never lets a NUL in a text end a field early", () => {
    const bytes = encodeError({ severity: "ERROR", sqlstate: "42501", message: "a\0Cfalse" });
    expect(readErrorFields(bytes).get("M")).toBe("aCfalse");
  });

  it("stops at malformed error fields", () => {
    expect([...readErrorFields(hex("45 00000009 43 3432 4d"))]).toEqual([]);
  });
});

describe("rowsOfTag", () => {
  it.each([
    ["SELECT 5", 5],
    ["SELECT 1234567", 1234567],
    ["INSERT 0 12", 12],
    ["COPY 3", 3],
    ["BEGIN", 0],
    ["CREATE TABLE", 0],
    ["SELECT ", 0],
    ["", 0],
  ])("reads %s", (tag, rows) => {
    const frame = Buffer.concat([hex("43 00000000"), Buffer.from(`${tag}\0`)]);
    expect(rowsOfTag(frame)).toBe(rows);
  });
});

describe("results", () => {
  it("reads where the columns of a RowDescription come from", () => {
    const column = (name: string, table: string, attribute: string): string =>
      `${Buffer.from(name).toString("hex")}00 ${table} ${attribute} 00000019 ffff ffffffff 0000`;
    const frame = hex(`54 00000000 0002 ${column("id", "00004001", "0001")} ${column("m", "00000000", "0000")}`);
    expect(readRowOrigins(frame)).toEqual(["16385/1", "0/0"]);
    expect(() => readRowOrigins(hex("54 00000000 0001 61"))).toThrow("malformed");
  });

  it("reads a row of text", () => {
    expect(readTextRow(hex("44 00000000 0003 00000001 61 ffffffff 00000000"))).toEqual(["a", null, ""]);
  });
});

describe("what is withheld where columns are masked", () => {
  const error = (fields: Record<string, string>): Map<string, string> => new Map(Object.entries(fields));

  it("keeps SQLSTATE, position and object names and drops what can carry values", () => {
    const told = withheldError(
      error({
        S: "ERROR",
        V: "ERROR",
        C: "23505",
        M: "value a@b.c",
        D: "Key (email)=(a@b.c)",
        H: "a@b.c",
        W: "a@b.c",
        q: "a@b.c",
        n: "u",
      }),
    );
    expect(JSON.stringify([...told])).not.toContain("a@b.c");
    expect(told.get("C")).toBe("23505");
    expect(told.get("n")).toBe("u");
  });

  it("keeps the message of errors that speak of the statement", () => {
    expect(withheldError(error({ C: "42703", M: 'column "x" does not exist', P: "8" })).get("M")).toContain("column");
  });

  it("drops the text of notices", () => {
    const notice = encodeErrorFields("N", error({ S: "NOTICE", V: "NOTICE", C: "00000", M: "a@b.c", D: "a@b.c" }));
    expect(withheldNotice(notice).toString()).not.toContain("a@b.c");
  });
});

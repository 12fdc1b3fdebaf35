import { describe, expect, it } from "vitest";
import { readStartup } from "./startup";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const packet = (body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
};
const startup = (version: string, text: string): Buffer => packet(Buffer.concat([hex(version), Buffer.from(text)]));

describe("readStartup", () => {
  it("waits until the packet is whole", () => {
    const whole = startup("00030000", "user\0bot\0\0");
    for (let length = 0; length < whole.length; length++) {
      expect(readStartup(whole.subarray(0, length))).toBeUndefined();
    }
    expect(readStartup(whole)?.bytes).toBe(whole.length);
  });

  it.each([
    ["SSLRequest", "00000008 04d2162f", "ssl"],
    ["GSSENCRequest", "00000008 04d21630", "gss"],
  ])("knows %s", (_name, bytes, kind) => {
    expect(readStartup(hex(bytes))?.packet.kind).toBe(kind);
  });

  it("leaves bytes behind a request to the caller", () => {
    expect(readStartup(hex("00000008 04d2162f ff"))?.bytes).toBe(8);
  });

  it("reads cancel keys of both protocol versions", () => {
    expect(readStartup(hex("00000010 04d2162e 00000007 01020304"))?.packet).toEqual({
      kind: "cancel",
      processId: 7,
      key: hex("01020304"),
    });
    const long = packet(Buffer.concat([hex("04d2162e 00000007"), Buffer.alloc(32, 9)]));
    expect(readStartup(long)?.packet).toMatchObject({ kind: "cancel", key: Buffer.alloc(32, 9) });
  });

  it.each([
    ["3.0", "00030000", 0, undefined],
    ["3.2", "00030002", 2, undefined],
    ["3.3", "00030003", 2, { minor: 2, unknownKeys: [] }],
    ["3.9999", "0003270f", 2, { minor: 2, unknownKeys: [] }],
  ])("speaks %s", (_name, version, minor, negotiate) => {
    const read = readStartup(startup(version, "user\0bot\0database\0shop\0\0"))?.packet;
    expect(read).toMatchObject({ kind: "startup", minor });
    expect(read).toHaveProperty(
      "parameters",
      new Map([
        ["user", "bot"],
        ["database", "shop"],
      ]),
    );
    expect((read as { negotiate?: unknown }).negotiate).toEqual(negotiate);
  });

  it("names the protocol options that it does not know", () => {
    const read = readStartup(startup("00030000", "user\0bot\0_pq_.test\0on\0\0"))?.packet;
    expect(read).toMatchObject({ negotiate: { minor: 0, unknownKeys: ["_pq_.test"] } });
  });

  it.each([
    ["protocol 2.0", startup("00020000", "\0"), "0A000"],
    ["a missing terminator", startup("00030000", "user\0bot\0"), "08P01"],
    ["a value without a terminator", startup("00030000", "user\0bot"), "08P01"],
    ["bytes behind the terminator", startup("00030000", "user\0bot\0\0x"), "08P01"],
    ["a key that comes twice", startup("00030000", "user\0a\0user\0b\0\0"), "08P01"],
  ])("refuses %s", (_what, bytes, sqlstate) => {
    expect(readStartup(bytes)?.packet).toMatchObject({ kind: "fault", fatal: { sqlstate } });
  });

  it.each([["00000007"], ["00002711"], ["7fffffff"], ["80000000"]])("closes on a length of %s", (length) => {
    expect(readStartup(hex(`${length} 00030000`))?.packet).toEqual({ kind: "fault", fatal: null });
  });
});

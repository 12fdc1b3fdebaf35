import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32c";
import { readRecord, recordBodyBytesMax, recordBytesBound, recordHeader, writeRecord } from "./journal-record";

const id = "0190d0a0-1111-7222-8333-444444444444";
const header = recordHeader("broker-1", 7);

function recordOf(leaf: string, sequence = 3): Buffer {
  const bytes = Buffer.alloc(recordBytesBound(header, leaf));
  return bytes.subarray(0, writeRecord(bytes, 0, { header, sequence, id, leaf }));
}

describe("crc32c", () => {
  it.each([
    ["the check value", Buffer.from("123456789"), 0xe3069283],
    ["32 zeros", Buffer.alloc(32), 0x8a9136aa],
    ["32 ones", Buffer.alloc(32, 0xff), 0x62a8ab43],
    ["0 to 31", Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
    ["nothing", Buffer.alloc(0), 0],
  ])("gives the published checksum of %s", (_, bytes, checksum) => {
    expect(crc32c(bytes)).toBe(checksum);
  });

  it("does not depend on where the bytes stand", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat({ max: 20 }), (bytes, before) => {
        const padded = Buffer.concat([Buffer.alloc(before, 1), bytes, Buffer.alloc(9, 2)]);
        return crc32c(padded, before, before + bytes.length) === crc32c(bytes);
      }),
    );
  });
});

describe("journal records", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), fc.nat({ max: 2 ** 47 }), (leaf, sequence) => {
        const read = readRecord(recordOf(leaf, sequence), 0);
        if (read.status !== "record") throw new Error(read.status);
        const { record } = read;
        expect(record.leaf.toString()).toBe(Buffer.from(leaf).toString());
        expect(record).toMatchObject({ brokerId: "broker-1", start: 7, sequence });
        expect(Buffer.from(record.id).toString("hex")).toBe(id.replaceAll("-", ""));
      }),
    );
  });

  it("are short at every cut and never wrong", () => {
    const whole = recordOf('{"a":1}');
    for (let length = 0; length < whole.length; length++) {
      expect(readRecord(whole.subarray(0, length), 0).status).toBe("short");
    }
    expect(readRecord(whole, 0)).toMatchObject({ status: "record", end: whole.length });
  });

  it("are damaged when any byte behind the length changed", () => {
    for (let at = 4; at < recordOf('{"a":1}').length; at++) {
      const bytes = recordOf('{"a":1}');
      bytes[at] = bytes[at]! ^ 0x10;
      expect(readRecord(bytes, 0).status).toBe("damaged");
    }
  });

  it("are never allocated from an absurd length", () => {
    const bytes = Buffer.alloc(64);
    expect(readRecord(bytes, 0)).toMatchObject({ status: "damaged" });
    bytes.writeUInt32LE(recordBodyBytesMax + 1, 0);
    expect(readRecord(bytes, 0)).toMatchObject({ status: "damaged" });
  });

  it("need a UUID and a broker id", () => {
    expect(() => writeRecord(Buffer.alloc(200), 0, { header, sequence: 0, id: "nonsense", leaf: "{}" })).toThrow(
      TypeError,
    );
    expect(() => recordHeader("", 1)).toThrow(RangeError);
  });
});

import { describe, expect, it } from "vitest";
import { FrameReader, isFault } from "./frames";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const limit = 1024;

function framesOf(reader: FrameReader): string[] {
  const frames: string[] = [];
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
    if (isFault(frame)) return [...frames, frame.fault];
    frames.push(frame.bytes.toString("hex"));
  }
  return frames;
}

describe("FrameReader", () => {
  it("splits a chunk into whole messages", () => {
    const reader = new FrameReader(limit);
    reader.push(hex("53 00000004 48 00000004"));
    expect(framesOf(reader)).toEqual(["5300000004", "4800000004"]);
    expect(reader.bufferedBytes).toBe(0);
  });

  it("gives the same messages however the bytes arrive", () => {
    const stream = hex("51 0000000d 73656c65637420 3100 53 00000004 58 00000004");
    for (let size = 1; size <= stream.length; size++) {
      const reader = new FrameReader(limit);
      const frames: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        reader.push(stream.subarray(at, at + size));
        frames.push(...framesOf(reader));
      }
      expect(frames).toEqual(["510000000d73656c656374203100", "5300000004", "5800000004"]);
    }
  });

  it.each([
    ["an unknown type", "7a 00000004", "invalid frontend message type 122"],
    ["a server's message type", "5a 00000005 49", "invalid frontend message type 90"],
    ["a length below its own field", "51 00000003", "invalid message length"],
    ["a negative length", "51 ffffffff", "invalid message length"],
    ["a length beyond the limit", "51 7fffffff", "invalid message length"],
  ])("faults on %s before anything is allocated for it", (_what, bytes, fault) => {
    const reader = new FrameReader(limit);
    reader.push(hex(bytes));
    expect(framesOf(reader)).toEqual([fault]);
    reader.push(hex("53 00000004"));
    expect(framesOf(reader)).toEqual([fault]);
  });

  it("keeps what it has not given for whoever takes over", () => {
    const reader = new FrameReader(limit);
    reader.push(hex("53 00000004 48 000000"));
    reader.next();
    expect(reader.rest().toString("hex")).toBe("48000000");
  });
});

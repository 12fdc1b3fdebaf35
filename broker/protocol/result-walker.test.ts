import { describe, expect, it } from "vitest";
import { type FrameAnswer, ResultWalker, UpstreamFault } from "./result-walker";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const limit = 64;
// RowDescription, two rows, CommandComplete, ReadyForQuery
const stream = hex("54 00000006 0000 44 00000008 00010203 44 00000005 09 43 00000006 4100 5a 00000005 49");

function walk(chunks: Buffer[], answer: (type: string) => FrameAnswer, handRows = false) {
  const seen: string[] = [];
  let bulk = 0;
  const walker = new ResultWalker(
    {
      onFrame: (type) => {
        seen.push(String.fromCharCode(type));
        return answer(String.fromCharCode(type));
      },
      onBulk: (bytes) => {
        bulk += bytes;
      },
    },
    limit,
  );
  walker.handRows = handRows;
  const out = chunks.flatMap((chunk) => walker.walk(chunk).map((part) => Buffer.from(part)));
  return { seen: seen.join(""), out: Buffer.concat(out).toString("hex"), bulk, parts: out.length };
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

describe("ResultWalker", () => {
  it("passes a chunk on as one slice and shows every message but rows", () => {
    expect(walk([stream], () => true)).toEqual({ seen: "TCZ", out: stream.toString("hex"), bulk: 15, parts: 1 });
  });

  it("passes the same bytes however they arrive", () => {
    for (let size = 1; size < stream.length; size++) {
      const walked = walk(cut(stream, size), () => true);
      expect(walked).toMatchObject({ seen: "TCZ", out: stream.toString("hex"), bulk: 15 });
    }
  });

  it("drops and replaces messages however they arrive", () => {
    const expected = "4400000008000102034400000005 09 ffff 5a0000000549".replaceAll(" ", "");
    const answer = (type: string): FrameAnswer => (type === "T" ? false : type === "C" ? hex("ffff") : true);
    for (let size = 1; size <= stream.length; size++) expect(walk(cut(stream, size), answer).out).toBe(expected);
  });

  it("hands rows over too when they belong to the broker", () => {
    for (let size = 1; size <= stream.length; size++) {
      expect(walk(cut(stream, size), () => false, true)).toMatchObject({ seen: "TDDCZ", out: "", bulk: 0 });
    }
  });

  it("lets rows of any length through", () => {
    const row = Buffer.concat([hex("44 00001004"), Buffer.alloc(4096, 1)]);
    expect(walk(cut(row, 100), () => true)).toMatchObject({ seen: "", bulk: row.length, out: row.toString("hex") });
  });

  it.each([
    ["an impossible length", "43 00000003 00"],
    ["a negative length", "43 ffffffff"],
    ["a message beyond the limit", "45 00001000"],
  ])("gives up on %s", (_what, bytes) => {
    expect(() => walk([hex(bytes)], () => true)).toThrow(UpstreamFault);
    expect(() => walk(cut(hex(bytes), 1), () => true)).toThrow(UpstreamFault);
  });
});

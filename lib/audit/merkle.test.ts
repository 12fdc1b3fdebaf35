import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appendLeaf,
  emptyFrontier,
  emptyRoot,
  isFrontier,
  leafHash,
  nodeHash,
  rootOf,
  rootOfHashes,
  splitPoint,
} from "./merkle";
import { consistencyRanges, inclusionRanges, type LeafRange, verifyConsistency, verifyInclusion } from "./merkle-proof";

/** Leaves and roots of the reference implementation of RFC 6962. */
const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const hashes = Array.from({ length: 300 }, (_, at) => leafHash(`leaf ${at}`));
const recursiveRoot = (part: Buffer[]): Buffer => {
  if (part.length === 0) return emptyRoot;
  if (part.length === 1) return part[0]!;
  const middle = splitPoint(part.length);
  return nodeHash(recursiveRoot(part.slice(0, middle)), recursiveRoot(part.slice(middle)));
};
const rootAt = (size: number) => recursiveRoot(hashes.slice(0, size));
const rangeHashes = (ranges: LeafRange[]) => ranges.map(({ from, to }) => recursiveRoot(hashes.slice(from, to)));

describe("the Merkle tree", () => {
  it("hashes the empty tree as RFC 6962 says", () => {
    expect(emptyRoot.toString("hex")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it.each(roots.map((root, at) => [at + 1, root] as const))("has the reference root at size %i", (size, root) => {
    const part = leaves.slice(0, size).map((leaf) => leafHash(Buffer.from(leaf, "hex")));
    expect(rootOfHashes(part).toString("hex")).toBe(root);
  });

  it("gives the same root incrementally as by definition, with a logarithmic frontier", () => {
    const frontier = emptyFrontier();
    for (const [at, hash] of hashes.entries()) {
      expect(rootOf(frontier).equals(rootAt(at))).toBe(true);
      appendLeaf(frontier, hash);
      expect(isFrontier(frontier)).toBe(true);
    }
    expect(frontier.hashes.length).toBeLessThanOrEqual(9);
  });

  it("refuses a stored frontier that cannot be", () => {
    expect(isFrontier({ size: 3, hashes: [emptyRoot] })).toBe(false);
    expect(isFrontier({ size: -1, hashes: [] })).toBe(false);
    expect(isFrontier({ size: 1, hashes: [Buffer.alloc(31)] })).toBe(false);
  });
});

describe("inclusion proofs", () => {
  it("verify for every leaf of every tree up to 40 leaves, and for no other index or root", () => {
    for (let size = 1; size <= 40; size++) {
      const root = rootAt(size);
      for (let index = 0; index < size; index++) {
        const path = rangeHashes(inclusionRanges(index, size));
        const claim = { hash: hashes[index]!, index, size, path, root };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, index: (index + 1) % (size + 1) })).toBe(false);
        expect(verifyInclusion({ ...claim, hash: hashes[index + 1]! })).toBe(false);
        expect(verifyInclusion({ ...claim, path: [...path, emptyRoot] })).toBe(false);
        if (path.length > 0) expect(verifyInclusion({ ...claim, path: path.slice(1) })).toBe(false);
      }
    }
  });

  it("reject a path with a changed bit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), (size, at, bit) => {
        const index = at % size;
        const path = rangeHashes(inclusionRanges(index, size)).map((hash) => Buffer.from(hash));
        const victim = path[bit % path.length]!;
        victim[bit % 32] = victim[bit % 32]! ^ 1;
        return !verifyInclusion({ hash: hashes[index]!, index, size, path, root: rootAt(size) });
      }),
      { numRuns: 200 },
    );
  });

  it("are refused for a leaf outside of the tree", () => {
    expect(() => inclusionRanges(5, 5)).toThrow(RangeError);
  });
});

describe("consistency proofs", () => {
  it("verify for every pair of sizes up to 40, and for no other pair of roots", () => {
    for (let second = 0; second <= 40; second++) {
      for (let first = 0; first <= second; first++) {
        const path = rangeHashes(consistencyRanges(first, second));
        const claim = { first, second, firstRoot: rootAt(first), secondRoot: rootAt(second), path };
        expect(verifyConsistency(claim)).toBe(true);
        if (first > 0) expect(verifyConsistency({ ...claim, firstRoot: rootAt(first + 1) })).toBe(false);
        if (first > 0) expect(verifyConsistency({ ...claim, secondRoot: rootAt(second + 1) })).toBe(false);
        expect(verifyConsistency({ ...claim, path: [...path, emptyRoot] })).toBe(false);
      }
    }
  });
});

import { hashBytes, nodeHash, splitPoint } from "./merkle";

/** A subtree by the leaves it covers: [from, to). A proof is the list of the roots of such subtrees. */
export type LeafRange = { from: number; to: number };

/** Subtrees whose roots prove that leaf `index` is in the tree of `size` leaves, lowest first (RFC 6962 §2.1.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!Number.isSafeInteger(size) || index < 0 || index >= size) throw new RangeError("the leaf is not in the tree");
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** Subtrees whose roots prove that the tree of `first` leaves is a beginning of that of `second` (RFC 6962 §2.1.2). */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  if (!Number.isSafeInteger(second) || first < 0 || first > second) throw new RangeError("the first tree is larger");
  if (first === 0 || first === second) return [];
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = second;
  while (to !== first) {
    const middle = from + splitPoint(to - from);
    if (first <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  // The verifier knows the old root itself where the old tree is one perfect subtree of the new one.
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
}

export type InclusionClaim = { hash: Uint8Array; index: number; size: number; path: Uint8Array[]; root: Uint8Array };

/** RFC 9162 §2.1.3.2. False for anything but exactly the right path. */
export function verifyInclusion({ hash, index, size, path, root }: InclusionClaim): boolean {
  if (!isSize(size) || !isSize(index) || index >= size || !areHashes([hash, root, ...path])) return false;
  let node = index;
  let last = size - 1;
  let running = hash;
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      running = nodeHash(sibling, running);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      running = nodeHash(running, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(running, root);
}

export type ConsistencyClaim = {
  first: number;
  second: number;
  firstRoot: Uint8Array;
  secondRoot: Uint8Array;
  path: Uint8Array[];
};

/** RFC 9162 §2.1.4.2. An empty first tree is a beginning of every tree. */
export function verifyConsistency({ first, second, firstRoot, secondRoot, path }: ConsistencyClaim): boolean {
  if (!isSize(first) || !isSize(second) || first > second || !areHashes([firstRoot, secondRoot, ...path])) return false;
  if (first === 0) return path.length === 0;
  if (first === second) return path.length === 0 && equal(firstRoot, secondRoot);
  const proof = isPowerOfTwo(first) ? [firstRoot, ...path] : path;
  const seed = proof[0];
  if (seed === undefined || path.length === 0) return false;
  let node = first - 1;
  let last = second - 1;
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let oldRoot = seed;
  let newRoot = seed;
  for (const sibling of proof.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldRoot = nodeHash(sibling, oldRoot);
      newRoot = nodeHash(sibling, newRoot);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newRoot = nodeHash(newRoot, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(oldRoot, firstRoot) && equal(newRoot, secondRoot);
}

/** Shifts would cut numbers to 32 bits. */
const half = (value: number) => Math.floor(value / 2);
const isSize = (value: number) => Number.isSafeInteger(value) && value >= 0;
const areHashes = (hashes: Uint8Array[]) => hashes.every((hash) => hash.length === hashBytes);
const equal = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

function isPowerOfTwo(value: number): boolean {
  return 2 ** Math.round(Math.log2(value)) === value;
}

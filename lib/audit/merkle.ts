import { createHash, hash } from "node:crypto";

/** Merkle tree hashes of RFC 6962 §2.1. Positions and sizes are integers below 2^53. */

export const hashBytes = 32;
const leafPrefix = Buffer.from([0]);
const nodeInput = Buffer.alloc(1 + 2 * hashBytes);
nodeInput[0] = 1;

/** Hash of the empty tree. */
export const emptyRoot: Buffer = createHash("sha256").digest();

/** SHA-256(0x00 || leaf). Text is hashed as UTF-8. */
export function leafHash(leaf: string | Uint8Array): Buffer {
  const bytes = typeof leaf === "string" ? Buffer.from(leaf, "utf8") : leaf;
  return hash("sha256", Buffer.concat([leafPrefix, bytes]), "buffer");
}

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return hash("sha256", nodeInput, "buffer");
}

/** Largest power of two below `size`; size ≥ 2. */
export function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The roots of the perfect subtrees of a tree, largest first: all that is needed to go on appending. */
export type Frontier = { size: number; hashes: Buffer[] };

export const emptyFrontier = (): Frontier => ({ size: 0, hashes: [] });

/** Appends one leaf hash in place; amortised one node hash, O(log n) memory. */
export function appendLeaf(frontier: Frontier, hashOfLeaf: Buffer): void {
  let carry = hashOfLeaf;
  // Each trailing one bit of the size is a perfect subtree as large as the carry.
  for (let size = frontier.size; size % 2 === 1; size = (size - 1) / 2) {
    const left = frontier.hashes.pop();
    if (left === undefined) throw new RangeError("the frontier has fewer hashes than its size says");
    carry = nodeHash(left, carry);
  }
  frontier.hashes.push(carry);
  frontier.size += 1;
}

/** Root hash of the whole tree. */
export function rootOf(frontier: Frontier): Buffer {
  const last = frontier.hashes.at(-1);
  if (last === undefined) return emptyRoot;
  let root = last;
  for (let at = frontier.hashes.length - 2; at >= 0; at--) root = nodeHash(frontier.hashes[at]!, root);
  return root;
}

/** True where the number of hashes is what the size demands; a stored frontier is checked before it is used. */
export function isFrontier(frontier: Frontier): boolean {
  const { size, hashes } = frontier;
  if (!Number.isSafeInteger(size) || size < 0) return false;
  const ones = size.toString(2).replaceAll("0", "").length;
  return hashes.length === ones && hashes.every((hashOfNode) => hashOfNode.length === hashBytes);
}

/** Root over the given leaf hashes. */
export function rootOfHashes(hashes: Iterable<Buffer>): Buffer {
  const frontier = emptyFrontier();
  for (const hashOfLeaf of hashes) appendLeaf(frontier, hashOfLeaf);
  return rootOf(frontier);
}

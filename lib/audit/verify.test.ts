import { describe, expect, it } from "vitest";
import { signCheckpoint } from "./checkpoint";
import { columnsOfRow } from "./columns";
import { leafOf } from "./leaf";
import { leafHash, rootOfHashes } from "./merkle";
import { encodeKeys, parseSigner, parseVerifier } from "./note";
import { type StoredRow, verifyLog } from "./verify";

const keys = encodeKeys("example.org/log", Buffer.alloc(32, 3));
const signer = parseSigner(keys.signerKey)!;
const verifiers = [parseVerifier(keys.verifierKey)!];
const at = "2026-01-02T03:04:05.678Z";

function rowAt(position: number, note = ""): StoredRow {
  const id = `0190d0a0-0000-7000-8000-${position.toString(16).padStart(12, "0")}`;
  const leaf = leafOf({ id, kind: "group.added", at, actor: "system/test", group: `g${position}${note}` });
  return { position, leaf, leafHash: leafHash(leaf), columns: columnsOfRow({ id, leaf }) };
}

const rowsOf = (size: number) => Array.from({ length: size }, (_, position) => rowAt(position));
const headOf = (rows: StoredRow[], size = rows.length) => ({
  source: `checkpoint ${size}`,
  note: signCheckpoint(
    { size, root: rootOfHashes(rows.slice(0, size).map((row) => Buffer.from(row.leafHash))), at },
    signer,
  ),
});
async function* streamed(rows: StoredRow[]) {
  yield* rows;
}
const verify = (rows: StoredRow[], checkpoints: { note: string; source: string }[]) =>
  verifyLog({ rows: streamed(rows), checkpoints, verifiers });

describe("verifyLog", () => {
  it.each([0, 1, 2, 3, 255, 256, 257])("finds a log of %i events intact", async (size) => {
    const rows = rowsOf(size);
    const report = await verify(rows, [headOf(rows), headOf(rows, Math.floor(size / 2))]);
    expect(report).toMatchObject({ status: "intact", size, signedSize: size });
  });

  it("says how much is not signed yet", async () => {
    const rows = rowsOf(10);
    expect(await verify(rows, [headOf(rows, 7)])).toMatchObject({ status: "intact", size: 10, signedSize: 7 });
  });

  const rows = rowsOf(40);
  const heads = [headOf(rows, 10), headOf(rows, 20), headOf(rows, 40)];
  const without = (position: number) => rows.filter((row) => row.position !== position);
  const renumbered = (list: StoredRow[]) => list.map((row, position) => ({ ...row, position }));
  const replaced = (position: number, row: StoredRow) => rows.map((old) => (old.position === position ? row : old));
  const victim = rows[13]!;

  it.each([
    ["a flipped character", replaced(13, { ...victim, leaf: victim.leaf.replace("g13", "g14") }), "leaf-changed", 13],
    ["a rewritten event with its hash", replaced(13, rowAt(13, "!")), "root-differs", 10],
    ["a deleted event", without(13), "missing", 13],
    ["a deleted event with the rest moved up", renumbered(without(13)), "root-differs", 10],
    ["an inserted event", renumbered([...rows.slice(0, 13), rowAt(99), ...rows.slice(13)]), "root-differs", 10],
    ["a repeated event", [...rows.slice(0, 14), rows[13]!, ...rows.slice(14)], "out-of-order", 13],
    [
      "two swapped events",
      renumbered([...rows.slice(0, 13), rows[14]!, rows[13]!, ...rows.slice(15)]),
      "root-differs",
      10,
    ],
    ["a truncated log", rows.slice(0, 30), "truncated", 30],
    ["an emptied log", [], "truncated", 0],
    [
      "a changed column",
      replaced(13, { ...victim, columns: { ...victim.columns!, actor: "person/eve" } }),
      "column-changed",
      13,
    ],
    ["a changed hash", replaced(13, { ...victim, leafHash: Buffer.alloc(32) }), "leaf-changed", 13],
  ])("names %s", async (_, tampered, fault, position) => {
    expect(await verify(tampered, heads)).toMatchObject({ status: "broken", fault, position });
  });

  it("names the signed stretch that a rewritten event lies in", async () => {
    expect(await verify(replaced(13, rowAt(13, "!")), heads)).toMatchObject({ position: 10, to: 20 });
  });

  it("refuses a checkpoint by another key and two that disagree", async () => {
    const other = parseSigner(encodeKeys("example.org/log", Buffer.alloc(32, 4)).signerKey)!;
    const forged = { source: "forged", note: signCheckpoint({ size: 40, root: Buffer.alloc(32), at }, other) };
    expect(await verify(rows, [forged])).toMatchObject({ fault: "checkpoint-invalid" });
    const fork = headOf(rowsOf(39).concat(rowAt(39, "fork")));
    expect(await verify(rows, [...heads, fork])).toMatchObject({ fault: "checkpoints-disagree" });
  });
});

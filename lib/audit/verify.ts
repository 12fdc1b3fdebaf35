import { type Checkpoint, openCheckpoint } from "./checkpoint";
import { type AuditColumns, columnsOfRow } from "./columns";
import { appendLeaf, emptyFrontier, type Frontier, leafHash, rootOf } from "./merkle";
import type { NoteVerifier } from "./note";

/** One row as the store has it. Hash and columns are what is checked against the leaf. */
export type StoredRow = { position: number; leaf: string; leafHash: Uint8Array; columns?: AuditColumns };

export type VerifyInput = {
  /** in order of position */
  rows: AsyncIterable<StoredRow>;
  /** signed notes from every place where they are kept, in any order */
  checkpoints: { note: string; source: string }[];
  verifiers: NoteVerifier[];
  /** rows that were verified before; the given rows follow them */
  from?: Frontier;
};

export type VerifyFault =
  | "missing"
  | "out-of-order"
  | "leaf-changed"
  | "column-changed"
  | "root-differs"
  | "truncated"
  | "checkpoint-invalid"
  | "checkpoints-disagree";

export type VerifyReport =
  | {
      status: "intact";
      size: number;
      /** hex */
      root: string;
      /** size of the largest checkpoint; rows behind it are not signed yet */
      signedSize: number;
      checkpoints: number;
    }
  | {
      status: "broken";
      fault: VerifyFault;
      /** first bad position; with `to`, the fault lies somewhere in [position, to) */
      position: number;
      to?: number;
      message: string;
    };

type Broken = Extract<VerifyReport, { status: "broken" }>;

const broken = (fault: VerifyFault, position: number, message: string): Broken => ({
  status: "broken",
  fault,
  position,
  message,
});

/**
 * Recomputes every hash, every derived column and the root at every checkpoint.
 * Reports the first position that is not as it was when it was signed.
 */
export async function verifyLog({ rows, checkpoints, verifiers, from }: VerifyInput): Promise<VerifyReport> {
  const heads = openCheckpoints(checkpoints, verifiers);
  if (!Array.isArray(heads)) return heads;
  const frontier = from === undefined ? emptyFrontier() : { size: from.size, hashes: [...from.hashes] };
  let signed = 0;
  let next = heads.findIndex((head) => head.size >= frontier.size);
  if (next < 0) next = heads.length;

  const checkHeads = (): Broken | null => {
    for (let head = heads[next]; head !== undefined && head.size === frontier.size; head = heads[++next]) {
      if (!head.root.equals(rootOf(frontier))) {
        const message = `the log of ${head.size} events is not the one that was signed`;
        return { ...broken("root-differs", signed, message), to: head.size };
      }
      signed = head.size;
    }
    return null;
  };

  const atStart = checkHeads();
  if (atStart !== null) return atStart;
  for await (const row of rows) {
    const fault = checkRow(row, frontier.size);
    if (fault !== null) return fault;
    appendLeaf(frontier, Buffer.from(row.leafHash));
    const atHead = checkHeads();
    if (atHead !== null) return atHead;
  }
  const beyond = heads.at(-1);
  if (beyond !== undefined && beyond.size > frontier.size) {
    const message = `${beyond.size} events were signed, ${frontier.size} are there`;
    return { ...broken("truncated", frontier.size, message), to: beyond.size };
  }
  const root = rootOf(frontier).toString("hex");
  return { status: "intact", size: frontier.size, root, signedSize: signed, checkpoints: heads.length };
}

/** Verified checkpoints by size; two of one size must have one root. */
function openCheckpoints(notes: VerifyInput["checkpoints"], verifiers: NoteVerifier[]): Checkpoint[] | Broken {
  const heads = new Map<number, Checkpoint>();
  for (const { note, source } of notes) {
    const head = openCheckpoint(note, verifiers);
    if (head === null) return broken("checkpoint-invalid", 0, `${source} is not signed by a key of this log`);
    const known = heads.get(head.size);
    if (known !== undefined && !known.root.equals(head.root)) {
      return broken("checkpoints-disagree", 0, `${source} and another checkpoint of size ${head.size} differ`);
    }
    heads.set(head.size, head);
  }
  return [...heads.values()].sort((a, b) => a.size - b.size);
}

/** The first thing that is wrong with a row that should stand at `expected`. */
export function checkRow(row: StoredRow, expected: number): Broken | null {
  if (row.position > expected) return broken("missing", expected, `no event at position ${expected}`);
  if (row.position < expected) return broken("out-of-order", row.position, `position ${row.position} appears twice`);
  if (!leafHash(row.leaf).equals(row.leafHash)) {
    return broken("leaf-changed", expected, `the event at position ${expected} does not match its hash`);
  }
  if (row.columns === undefined) return null;
  const column = differingColumn(columnsOfRow({ id: row.columns.id, leaf: row.leaf }), row.columns);
  if (column === null) return null;
  return broken("column-changed", expected, `column ${column} at position ${expected} does not match the event`);
}

function differingColumn(derived: AuditColumns, stored: AuditColumns): string | null {
  for (const name of Object.keys(derived) as (keyof AuditColumns)[]) {
    const [a, b] = [derived[name], stored[name]];
    const same = Array.isArray(a) && Array.isArray(b) ? a.join("\0") === b.join("\0") : a === b;
    if (!same) return name;
  }
  return null;
}

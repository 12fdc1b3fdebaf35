import type pg from "pg";
import { openCheckpoint, signCheckpoint } from "@/lib/audit/checkpoint";
import { appendLeaf, emptyFrontier, type Frontier, rootOf } from "@/lib/audit/merkle";
import type { NoteSigner, NoteVerifier } from "@/lib/audit/note";
import { type KeptCheckpoint, keepCheckpoint, lastKeptCheckpoint } from "./audit-checkpoint-files";
import { logSize } from "./sequencer";

/** Leaf hashes that are read at once. */
const hashesPerRead = 20_000;

export type CheckpointResult =
  | { status: "signed"; size: number; note: string }
  /** nothing new, and the day has its checkpoint */
  | { status: "current"; size: number }
  /** the log is not the one that was signed: it is never signed again without a person */
  | { status: "refused"; alarm: "log-smaller" | "log-different"; message: string };

export type CheckpointOptions = {
  /** the owner's connection, which holds the sequencer's lock */
  client: pg.ClientBase;
  /** COUNTERSIGN_HOME */
  home: string;
  signer: NoteSigner;
  /** of this log, keys that were rotated out included */
  verifiers: NoteVerifier[];
  now: Date;
};

/**
 * Signs the head of the log, once it is certain that everything signed before is still there unchanged.
 * Keeps the tree between calls; a new one reads all leaf hashes once.
 */
export class CheckpointKeeper {
  private tree: { frontier: Frontier; lastLeafHash: Buffer | null } | null = null;

  /** @throws errors of the store or of the disk; nothing is signed then */
  async checkpoint(options: CheckpointOptions): Promise<CheckpointResult> {
    const { client, home, signer, now } = options;
    const head = await this.lastHead(options);
    if (head === "forged") {
      return refuse("log-different", "the last checkpoint is not signed by a key of the log");
    }
    const size = Number(await logSize(client));
    if (head !== null && size < head.size) {
      return refuse("log-smaller", `${head.size} events were signed, ${size} are in the log`);
    }
    if (!(await this.stillSame(client))) this.tree = null;
    const tree = this.tree ?? { frontier: emptyFrontier(), lastLeafHash: null };
    // Until it has passed, a failure must not leave a half-checked tree behind.
    this.tree = null;
    if (head !== null && tree.frontier.size < head.size) {
      const whole = await extend({ client, tree, to: head.size });
      if (!whole || !rootOf(tree.frontier).equals(head.root)) {
        return refuse("log-different", `the first ${head.size} events are not those that were signed`);
      }
    }
    const grown = size > (head?.size ?? 0);
    if (!grown && head?.at.slice(0, 10) === now.toISOString().slice(0, 10)) {
      this.tree = tree;
      return { status: "current", size };
    }
    if (!(await extend({ client, tree, to: size }))) {
      return refuse("log-different", `an event is missing behind position ${tree.frontier.size - 1}`);
    }
    const root = rootOf(tree.frontier);
    const at = now.toISOString();
    const note = signCheckpoint({ size, root, at }, signer);
    // INVARIANT: outside first. A checkpoint that only the database knows could be taken back with it.
    await keepCheckpoint(home, { at, size, note });
    await client.query(
      "insert into audit_checkpoint (size, root_hash, note, at) values ($1, $2, $3, $4) on conflict do nothing",
      [size, root, note, at],
    );
    this.tree = tree;
    return { status: "signed", size, note };
  }

  /** The larger of the last checkpoints outside and inside of the database. */
  private async lastHead({ client, home, verifiers }: CheckpointOptions): Promise<Head | "forged" | null> {
    const kept = await lastKeptCheckpoint(home);
    const { rows } = await client.query<{ note: string; at: Date; size: string }>(
      "select note, at, size::text from audit_checkpoint order by size desc limit 1",
    );
    const stored =
      rows[0] === undefined ? null : { ...rows[0], at: rows[0].at.toISOString(), size: Number(rows[0].size) };
    const heads: Head[] = [];
    for (const checkpoint of [kept, stored]) {
      if (checkpoint === null) continue;
      const head = openHead(checkpoint, verifiers);
      if (head === null) return "forged";
      heads.push(head);
    }
    return heads.sort((a, b) => b.size - a.size)[0] ?? null;
  }

  /** False when the last event that the tree knows is no longer the one at its position. */
  private async stillSame(client: pg.ClientBase): Promise<boolean> {
    const last = this.tree?.lastLeafHash ?? null;
    if (this.tree === null || last === null) return true;
    const { rows } = await client.query<{ leaf_hash: Buffer }>(
      "select leaf_hash from audit_event where position = $1",
      [this.tree.frontier.size - 1],
    );
    return rows[0]?.leaf_hash.equals(last) === true;
  }
}

type Head = { size: number; root: Buffer; at: string };

function openHead(checkpoint: KeptCheckpoint, verifiers: NoteVerifier[]): Head | null {
  const opened = openCheckpoint(checkpoint.note, verifiers);
  return opened === null ? null : { size: opened.size, root: opened.root, at: checkpoint.at };
}

function refuse(alarm: "log-smaller" | "log-different", message: string): CheckpointResult {
  return { status: "refused", alarm, message };
}

type Extension = { client: pg.ClientBase; tree: { frontier: Frontier; lastLeafHash: Buffer | null }; to: number };

/** Appends the hashes of the events up to position `to`; false where one is missing. */
async function extend({ client, tree, to }: Extension): Promise<boolean> {
  const { frontier } = tree;
  while (frontier.size < to) {
    const from = frontier.size;
    const { rows } = await client.query<{ leaf_hash: Buffer }>(
      "select leaf_hash from audit_event where position >= $1 and position < $2 order by position",
      [from, Math.min(to, from + hashesPerRead)],
    );
    if (rows.length !== Math.min(to - from, hashesPerRead)) return false;
    for (const { leaf_hash: hash } of rows) appendLeaf(frontier, hash);
    tree.lastLeafHash = rows.at(-1)?.leaf_hash ?? tree.lastLeafHash;
  }
  return true;
}

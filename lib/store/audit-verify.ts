import type { AuditColumns } from "@/lib/audit/columns";
import type { NoteVerifier } from "@/lib/audit/note";
import { type StoredRow, type VerifyReport, verifyLog } from "@/lib/audit/verify";
import { db } from "@/lib/db";
import { readKeptCheckpoints } from "./audit-checkpoint-files";
import { readLogVerifiers } from "./audit-key";

const rowsPerRead = 2_000;

export type StoreVerifyReport = VerifyReport & {
  /** events that are committed and wait for the sequencer */
  waiting: number;
  /** time of the last checkpoint that is kept outside of the database; null where none is */
  lastKeptAt: string | null;
};

/**
 * Recomputes the whole log: positions, hashes, derived columns, and the root at every checkpoint that is known inside
 * or outside of the database. Reads all of it; memory stays bounded.
 * @param home COUNTERSIGN_HOME, with keys and checkpoints
 * @throws AppError "not_found" where there is no key to verify with; the store's errors
 */
export async function verifyStore({ home }: { home: string }): Promise<StoreVerifyReport> {
  const verifiers: NoteVerifier[] = await readLogVerifiers(home);
  const kept = await readKeptCheckpoints(home);
  const { rows: stored } = await db().query<{ note: string; size: string }>(
    "select note, size::text from audit_checkpoint order by audit_checkpoint.size",
  );
  const { rows: inbox } = await db().query<{ waiting: number }>("select count(*)::int as waiting from audit_inbox");
  const checkpoints = [
    ...stored.map(({ note, size }) => ({ note, source: `the stored checkpoint of size ${size}` })),
    ...kept.map(({ note, size, at }) => ({ note, source: `the checkpoint of size ${size} kept at ${at}` })),
  ];
  const report = await verifyLog({ rows: readRows(), checkpoints, verifiers });
  return { ...report, waiting: inbox[0]?.waiting ?? 0, lastKeptAt: kept.at(-1)?.at ?? null };
}

type Row = Omit<AuditColumns, "at"> & { position: string; leaf: string; leafHash: Buffer; at: Date };

async function* readRows(): AsyncGenerator<StoredRow> {
  let after = "-1";
  for (;;) {
    const { rows } = await db().query<Row>(
      `select position::text, leaf, leaf_hash as "leafHash", id, kind, at, actor, database, decision, policies,
         approval_id as "approvalId", entry_id as "entryId", session_id as "sessionId", fingerprint, statement,
         rows::text, duration_ms as "durationMs", sqlstate
       from audit_event where position > $1 order by audit_event.position limit ${rowsPerRead}`,
      [after],
    );
    for (const { position, leaf, leafHash, at, ...columns } of rows) {
      yield { position: Number(position), leaf, leafHash, columns: { ...columns, at: at.toISOString() } };
    }
    const last = rows.at(-1)?.position;
    if (last === undefined || rows.length < rowsPerRead) return;
    after = last;
  }
}

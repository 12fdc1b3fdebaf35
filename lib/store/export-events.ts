import { db, withTransaction } from "@/lib/db";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";

export type ExportedEvent = {
  /** log position, decimal */
  position: string;
  /** exactly the text that is hashed */
  leaf: string;
};

const rowsPerRead = 2_000;

/** Events of a period [from, to) in the order of the log, read in pages. */
export async function* readEvents({ from, to }: { from: Date; to: Date }): AsyncGenerator<ExportedEvent> {
  let after = "-1";
  for (;;) {
    const { rows } = await db().query<ExportedEvent>(
      `select position::text, leaf from audit_event
       where at >= $1 and at < $2 and position > $3 order by audit_event.position limit ${rowsPerRead}`,
      [from, to, after],
    );
    yield* rows;
    const last = rows.at(-1)?.position;
    if (last === undefined || rows.length < rowsPerRead) return;
    after = last;
  }
}

/** Records that somebody took events out, and which. */
export async function recordExport(
  made: { format: string; filters: Record<string, string>; rows: number; sha256: string },
  by: Actor,
): Promise<void> {
  await withTransaction(async (tx) => {
    await appendAudit(tx, { kind: "export.made", ...by, what: "audit", ...made });
  });
}

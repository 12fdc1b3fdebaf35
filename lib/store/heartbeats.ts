import { db } from "@/lib/db";

export type Heartbeat = {
  /** broker/ID or workers/ID */
  id: string;
  at: Date;
  /** decimal; null for workers */
  snapshotVersion: string | null;
  details: Record<string, unknown>;
};

/** Says that a process is alive. Callers repeat it; a heartbeat older than they promise means it is not. */
export async function beat(heartbeat: {
  id: string;
  snapshotVersion?: string | null;
  details?: Record<string, unknown>;
}): Promise<void> {
  await db().query(
    `insert into heartbeat (id, at, snapshot_version, details) values ($1, now(), $2, $3)
     on conflict (id) do update set at = now(), snapshot_version = excluded.snapshot_version, details = excluded.details`,
    [heartbeat.id, heartbeat.snapshotVersion ?? null, JSON.stringify(heartbeat.details ?? {})],
  );
}

/** A process that stops in order is not missing. */
export async function endBeat(id: string): Promise<void> {
  await db().query("delete from heartbeat where id = $1", [id]);
}

export async function listHeartbeats(): Promise<Heartbeat[]> {
  const { rows } = await db().query<Heartbeat>(
    `select id, at, snapshot_version::text as "snapshotVersion", details from heartbeat order by id`,
  );
  return rows;
}

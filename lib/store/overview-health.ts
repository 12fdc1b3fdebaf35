import { db } from "@/lib/db";
import { readSnapshotVersion } from "./snapshot";

export type ProcessHealth = {
  /** broker/ID or workers/ID */
  id: string;
  at: string;
  /** beat within the last `silentSecondsMax` */
  alive: boolean;
  /** the broker decides from the newest snapshot; null for workers */
  current: boolean | null;
};

export type Health = {
  processes: ProcessHealth[];
  /** the active policy bundle's version; null: nothing is permitted */
  bundleVersion: number | null;
  databases: { name: string; error: string | null }[];
};

/** A process that did not beat for so long is missing. */
const silentSecondsMax = 15;
/** One that is silent for longer is gone, and no longer listed. */
const goneHoursMax = 24;

/** What runs, and whether it is up to date. */
export async function readHealth(): Promise<Health> {
  const [beats, bundles, databases, version] = await Promise.all([
    db().query<{ id: string; at: Date; alive: boolean; version: string | null }>(
      `select id, at, at > now() - make_interval(secs => $1) as alive, snapshot_version::text as version from heartbeat
       where at > now() - make_interval(hours => $2) order by id`,
      [silentSecondsMax, goneHoursMax],
    ),
    db().query<{ version: number }>("select version from bundle where status = 'active'"),
    db().query<{ name: string; error: string | null }>(
      "select name, sync_error as error from upstream_database order by name",
    ),
    readSnapshotVersion(),
  ]);
  return {
    processes: beats.rows.map((beat) => ({
      id: beat.id,
      at: beat.at.toISOString(),
      alive: beat.alive,
      current: beat.version === null ? null : beat.version === version,
    })),
    bundleVersion: bundles.rows[0]?.version ?? null,
    databases: databases.rows,
  };
}

import { db } from "@/lib/db";

export type ProcessHealth = {
  /** broker/ID or workers/ID */
  id: string;
  at: string;
  /** beat within the last `silentSecondsMax` */
  alive: boolean;
  /** the broker decides from the newest snapshot, as far as its last beat can tell; null for workers */
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
/** A change younger than this need not be in a beat yet. */
const freshSeconds = 10;
/** One that is silent for longer is gone, and no longer listed. */
const goneHoursMax = 24;

/** What runs, and whether it is up to date. */
export async function readHealth(): Promise<Health> {
  const [beats, bundles, databases] = await Promise.all([
    db().query<{ id: string; at: Date; alive: boolean; current: boolean | null }>(
      `select h.id, h.at, h.at > now() - make_interval(secs => $1) as alive,
         case when h.snapshot_version is not null
           then h.snapshot_version = v.version or v.changed_at > now() - make_interval(secs => $3) end as current
       from heartbeat h cross join snapshot_version v
       where v.id = 1 and h.at > now() - make_interval(hours => $2) order by h.id`,
      [silentSecondsMax, goneHoursMax, freshSeconds],
    ),
    db().query<{ version: number }>("select version from bundle where status = 'active'"),
    db().query<{ name: string; error: string | null }>(
      "select name, sync_error as error from upstream_database order by name",
    ),
  ]);
  return {
    processes: beats.rows.map((beat) => ({ ...beat, at: beat.at.toISOString() })),
    bundleVersion: bundles.rows[0]?.version ?? null,
    databases: databases.rows,
  };
}

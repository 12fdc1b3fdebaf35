import { publish } from "@/lib/bus";
import { db, onCommit, type Sql, type Transaction, withReadTransaction } from "@/lib/db";
import type { BundleFiles } from "@/lib/policy/types";
import type { Snapshot, SnapshotDatabase, SnapshotPrincipal, SnapshotToken } from "@/lib/snapshot";
import { type Catalog, catalogSchema } from "@/lib/sql/catalog";
import { openUrl } from "./key-ring";

/** Live tokens that a principal may have at once; the broker tries all of them on every log-in. */
export const liveTokensMax = 16;

/**
 * Says that what brokers decide from has changed. Every transaction that changes principals, groups, tokens,
 * databases, catalogs or the active bundle calls it; brokers hear of it once the transaction has committed.
 */
export async function bumpSnapshot(tx: Transaction): Promise<void> {
  const { rows } = await tx.query<{ version: string }>(
    "update snapshot_version set version = version + 1, changed_at = now() where id = 1 returning version::text",
  );
  const version = rows[0]?.version ?? "0";
  onCommit(() => publish("snapshot", { version }));
}

/** The current version as a decimal bigint. Brokers ask once a second; nothing else is read. */
export async function readSnapshotVersion(client: Sql = db()): Promise<string> {
  const { rows } = await client.query<{ version: string }>("select version::text from snapshot_version where id = 1");
  return rows[0]?.version ?? "0";
}

/**
 * Everything a broker decides from, read at one instant, with decrypted upstream URLs.
 * @throws AppError("unavailable") where a stored credential does not open: the broker keeps what it has until its
 * lease runs out, and then refuses
 */
export function loadSnapshot(): Promise<Snapshot> {
  return withReadTransaction(readAll);
}

async function readAll(client: Sql): Promise<Snapshot> {
  const version = await readSnapshotVersion(client);
  const bundles = await client.query<{ version: number; files: BundleFiles }>(
    "select version, files from bundle where status = 'active'",
  );
  const groups = await client.query<{ name: string }>("select name from principal_group order by name");
  return {
    version,
    bundle: bundles.rows[0] ?? null,
    groups: groups.rows.map(({ name }) => name),
    principals: await readPrincipals(client),
    databases: await readDatabases(client),
  };
}

type PrincipalRow = {
  kind: "person" | "agent";
  name: string;
  groups: string[];
  owner: string | null;
  salt: Buffer;
  enabled: boolean;
  expires_at: Date | null;
  tokens: { id: string; stored: string; server: string; expires: string | null; issuer: string | null }[];
};

const principalsSql = `
  with live as (
    select t.*, p.email as issuer,
      row_number() over (partition by t.person_id, t.agent_id order by t.created_at desc, t.id) as place
    from token t left join person p on p.id = t.issued_by_id
    where t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
  ), verifiers as (
    select person_id, agent_id, jsonb_agg(jsonb_build_object('id', id,
        'stored', encode(stored_key, 'base64'), 'server', encode(server_key, 'base64'),
        'expires', extract(epoch from expires_at)::text, 'issuer', issuer) order by place) as tokens
    from live where place <= $1 group by person_id, agent_id
  ), membership as (
    select m.person_id, m.agent_id, array_agg(g.name order by g.name) as groups
    from group_member m join principal_group g on g.id = m.group_id group by m.person_id, m.agent_id
  )
  select 'person' as kind, p.email as name, coalesce(m.groups, '{}') as groups, null as owner, p.scram_salt as salt,
    p.disabled_at is null as enabled, null::timestamptz as expires_at, coalesce(v.tokens, '[]') as tokens
  from person p left join membership m on m.person_id = p.id left join verifiers v on v.person_id = p.id
  union all
  select 'agent', a.name, coalesce(m.groups, '{}'), o.email, a.scram_salt,
    a.frozen_at is null and o.disabled_at is null, a.expires_at, coalesce(v.tokens, '[]')
  from agent a join person o on o.id = a.owner_id
    left join membership m on m.agent_id = a.id left join verifiers v on v.agent_id = a.id
  order by kind, name`;

async function readPrincipals(client: Sql): Promise<SnapshotPrincipal[]> {
  const { rows } = await client.query<PrincipalRow>(principalsSql, [liveTokensMax]);
  return rows.map((row) => ({
    kind: row.kind,
    name: row.name,
    groups: row.groups,
    ...(row.owner === null ? {} : { owner: row.owner }),
    scramSalt: row.salt.toString("base64"),
    enabled: row.enabled,
    expiresAt: row.expires_at?.getTime() ?? null,
    tokens: row.tokens.map(
      (token): SnapshotToken => ({
        id: token.id,
        storedKey: token.stored,
        serverKey: token.server,
        expiresAt: token.expires === null ? null : Math.floor(Number(token.expires) * 1_000),
        issuer: token.issuer,
      }),
    ),
  }));
}

type DatabaseRow = {
  id: string;
  name: string;
  labels: Record<string, string>;
  url_encrypted: Buffer;
  key_id: string;
  sync_error: string | null;
  hash: string | null;
};
type RoleRow = { database_id: string; group_id: string; group: string; url_encrypted: Buffer; key_id: string };

async function readDatabases(client: Sql): Promise<SnapshotDatabase[]> {
  const databases = await client.query<DatabaseRow>(
    `select d.id, d.name, d.labels, d.url_encrypted, d.key_id, d.sync_error, c.hash
     from upstream_database d left join database_catalog c on c.database_id = d.id order by d.name`,
  );
  const roles = await client.query<RoleRow>(
    `select r.database_id, r.group_id, g.name as "group", r.url_encrypted, r.key_id
     from database_role r join principal_group g on g.id = r.group_id order by g.name`,
  );
  const catalogs = await readCatalogs(client, databases.rows);
  return databases.rows.map((row) => ({
    name: row.name,
    labels: row.labels,
    url: openUrl({ keyId: row.key_id, bytes: row.url_encrypted }, { database: row.id }),
    roles: roles.rows
      .filter((role) => role.database_id === row.id)
      .map((role) => ({
        group: role.group,
        url: openUrl({ keyId: role.key_id, bytes: role.url_encrypted }, { database: row.id, group: role.group_id }),
      })),
    catalog: row.hash === null ? null : (catalogs.get(row.id) ?? null),
    syncError: row.sync_error,
  }));
}

// Catalogs are large and change rarely: only those with a new hash are fetched and parsed again.
let knownCatalogs = new Map<string, { hash: string; catalog: Catalog }>();

async function readCatalogs(client: Sql, rows: DatabaseRow[]): Promise<Map<string, Catalog>> {
  const wanted = rows
    .filter(({ id, hash }) => hash !== null && knownCatalogs.get(id)?.hash !== hash)
    .map(({ id }) => id);
  const fresh = new Map<string, unknown>();
  if (wanted.length > 0) {
    const found = await client.query<{ database_id: string; document: unknown }>(
      "select database_id, document from database_catalog where database_id = any($1::uuid[])",
      [wanted],
    );
    for (const { database_id, document } of found.rows) fresh.set(database_id, document);
  }
  const next = new Map<string, { hash: string; catalog: Catalog }>();
  for (const { id, hash } of rows) {
    if (hash === null) continue;
    const document = fresh.get(id);
    const entry = document === undefined ? knownCatalogs.get(id) : { hash, catalog: catalogSchema.parse(document) };
    if (entry !== undefined) next.set(id, entry);
  }
  knownCatalogs = next;
  return new Map([...next].map(([id, { catalog }]) => [id, catalog]));
}
